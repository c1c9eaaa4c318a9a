"""The domain. One module per step of the journey; knows neither HTTP nor Celery.

Read in this order: intake → triage → routing → queue → handling → exposure → feeds.
Below them the rules every step obeys: lifecycle, deadlines, policy, access, trail, journey, models.
"""
