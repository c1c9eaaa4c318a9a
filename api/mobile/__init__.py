"""The citizen's surface, /m/v1: what mobile_contract decides, translated for cases.intake."""
