"""Every table, as the models state them."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("create sequence handling.case_number")
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('work','rest')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
        schema="handling",
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
        schema="handling",
    )
    op.create_table(
        "category",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
        schema="handling",
    )
    op.create_table(
        "deadline_profile",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_deadline_profile_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_profile")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_deadline_profile_code_version")),
        schema="handling",
    )
    op.create_table(
        "department_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.CheckConstraint("nature in ('department','town','party')", name=op.f("ck_department_kind_nature")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department_kind")),
        schema="handling",
    )
    op.create_table(
        "duty_item",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_kind", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "duty in ('main','assist','informed','lead','coop','group','desk')", name=op.f("ck_duty_item_duty")
        ),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_duty_item")),
        schema="handling",
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_crs", sa.Text(), nullable=True),
        sa.Column("declared_datum", sa.Text(), nullable=False),
        sa.Column("measured_datum", sa.Text(), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("district_code"), "="),
            (sa.column("layer"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("state in ('live', 'retired')"),
            using="gist",
            name="ex_edition_one_at_a_time",
        ),
        sa.CheckConstraint("district_code ~ '^[0-9]{6}$'", name=op.f("ck_edition_district_code")),
        sa.CheckConstraint("layer in ('admin', 'jurisdiction')", name=op.f("ck_edition_layer")),
        sa.CheckConstraint("state in ('draft', 'live', 'retired', 'rejected')", name=op.f("ck_edition_state")),
        sa.CheckConstraint("not isempty(valid) and lower(valid) is not null", name=op.f("ck_edition_valid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        schema="handling",
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column(
            "args", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        schema="handling",
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["run_after", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("done_at is null and failed_at is null"),
    )
    op.create_table(
        "org",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("department_kind", sa.Text(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("duty_phone", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("kind in ('city','district','town','department','group')", name=op.f("ck_org_kind")),
        sa.ForeignKeyConstraint(["parent_id"], ["handling.org.id"], name=op.f("fk_org_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org")),
        sa.UniqueConstraint("code", name=op.f("uq_org_code")),
        schema="handling",
    )
    op.create_index(
        "uq_org_unit_code",
        "org",
        ["unit_code"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("unit_code is not null"),
    )
    op.create_table(
        "policy_value",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_policy_value_version")),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_policy_value")),
        schema="handling",
    )
    op.create_table(
        "reason_code",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_reason_code_version")),
        sa.PrimaryKeyConstraint("kind", "code", "version", name=op.f("pk_reason_code")),
        schema="handling",
    )
    op.create_table(
        "slot",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot_at", name=op.f("pk_slot")),
        schema="handling",
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("pinyin", sa.Text(), server_default="", nullable=False),
        sa.Column("open_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9A-Z]{6,16}$'", name=op.f("ck_unit_code")),
        sa.CheckConstraint("district_code ~ '^[0-9]{6}$'", name=op.f("ck_unit_district_code")),
        sa.CheckConstraint(
            "kind in ('street', 'town', 'township', 'zone', 'scenic', 'district')", name=op.f("ck_unit_kind")
        ),
        sa.CheckConstraint("closed_on > open_from", name=op.f("ck_unit_closes_after_it_opens")),
        sa.CheckConstraint("successor_id <> id", name=op.f("ck_unit_succeeds_another")),
        sa.ForeignKeyConstraint(["successor_id"], ["handling.unit.id"], name=op.f("fk_unit_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        schema="handling",
    )
    op.create_index("ix_unit_district_code", "unit", ["district_code"], unique=False, schema="handling")
    op.create_table(
        "zone_rule",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("otherwise", sa.Text(), nullable=False),
        sa.CheckConstraint("otherwise in ('permit', 'forbid')", name=op.f("ck_zone_rule_otherwise")),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_zone_rule")),
        schema="handling",
    )
    op.create_table(
        "photo",
        sa.Column("report_client_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("large_key", sa.Text(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('promised','waiting','stored','clean','rejected','expired')", name=op.f("ck_photo_state")
        ),
        sa.PrimaryKeyConstraint("report_client_id", "client_id", name=op.f("pk_photo")),
        sa.UniqueConstraint("id", name=op.f("uq_photo_id")),
        schema="intake",
    )
    op.create_index(
        "ix_photo_waiting",
        "photo",
        ["stored_at"],
        unique=False,
        schema="intake",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("tracking_mark", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="phone", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("emergency", sa.Text(), server_default="none", nullable=False),
        sa.Column("deaths", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("raw_lon", sa.Double(), nullable=True),
        sa.Column("raw_lat", sa.Double(), nullable=True),
        sa.Column("crs", sa.Text(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("fix_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("notice_version", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("photos_promised", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "observed_at between '2000-01-01+00' and '2100-01-01+00'", name=op.f("ck_report_observed_at")
        ),
        sa.CheckConstraint(
            "state in ('submitted', 'in_review', 'need_more', 'accepted', 'not_accepted', 'redirected', 'verifying', 'replied', 'review_requested', 'closed', 'withdrawn')",
            name=op.f("ck_report_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("client_id", name=op.f("uq_report_client_id")),
        sa.UniqueConstraint("tracking_mark", name=op.f("uq_report_tracking_mark")),
        schema="intake",
    )
    op.create_index(
        "ix_report_desk",
        "report",
        ["review_due_at", "id"],
        unique=False,
        schema="intake",
        postgresql_where=sa.text("state in ('in_review','need_more')"),
    )
    op.create_index("ix_report_reference", "report", ["reference"], unique=False, schema="intake")
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("xid", sa.Integer(), server_default=sa.text("pg_current_xact_id()::text::bigint"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        schema="record",
    )
    op.create_table(
        "exposure",
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("entity_name", sa.Text(), nullable=True),
        sa.Column("category_code", sa.Text(), nullable=True),
        sa.Column("category_zh", sa.Text(), nullable=True),
        sa.Column("category_en", sa.Text(), nullable=True),
        sa.Column("town_code", sa.Text(), nullable=True),
        sa.Column("town_zh", sa.Text(), nullable=True),
        sa.Column("town_en", sa.Text(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' or coalesce(title, body, entity_name) is null and point is null",
            name=op.f("ck_exposure_withdrawn_is_empty"),
        ),
        sa.CheckConstraint("status in ('usable','corrected','withdrawn')", name=op.f("ck_exposure_status")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_exposure")),
        schema="record",
    )
    op.create_index(
        "ix_public_exposure_updated", "exposure", ["updated_at", "public_id"], unique=False, schema="record"
    )
    op.create_table(
        "identity",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("alg", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_identity")),
        schema="vault",
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_account_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
        schema="handling",
    )
    op.create_index(op.f("ix_account_org_id"), "account", ["org_id"], unique=False, schema="handling")
    op.create_table(
        "boundary",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("st_isvalid(geom) and not st_isempty(geom)", name=op.f("ck_boundary_geom")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["handling.edition.id"], name=op.f("fk_boundary_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["handling.unit.id"], name=op.f("fk_boundary_unit_id")),
        sa.PrimaryKeyConstraint("edition_id", "unit_id", name=op.f("pk_boundary")),
        schema="handling",
    )
    op.create_index("ix_boundary_geom", "boundary", ["geom"], unique=False, schema="handling", postgresql_using="gist")
    op.create_index("ix_boundary_unit_id", "boundary", ["unit_id"], unique=False, schema="handling")
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("category_version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("penalty_policy", sa.Text(), nullable=False),
        sa.Column("responsible_org_id", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("crs", sa.Text(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("place_text", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("border_m", sa.Double(), nullable=True),
        sa.Column("routed_how", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("extract", sa.Text(), nullable=True),
        sa.Column("extract_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replies_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), server_default="undetermined", nullable=False),
        sa.Column("rework_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "responsible_org_id is not null or state in ('registered','void')", name=op.f("ck_case_has_owner")
        ),
        sa.CheckConstraint(
            "state in ('registered', 'dispatched', 'arbitrating', 'signed', 'verifying', 'verdict_review', 'rectifying', 'acceptance', 'referred', 'on_hold', 'closure_review', 'closed', 'look_back', 'void')",
            name=op.f("ck_case_state"),
        ),
        sa.CheckConstraint("urgency in ('immediate','urgent','normal')", name=op.f("ck_case_urgency")),
        sa.CheckConstraint(
            "extract is null or extract_confirmed_at is not null", name=op.f("ck_case_extract_is_confirmed")
        ),
        sa.ForeignKeyConstraint(["category_code"], ["handling.category.code"], name=op.f("fk_case_category_code")),
        sa.ForeignKeyConstraint(["edition_id"], ["handling.edition.id"], name=op.f("fk_case_edition_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["handling.deadline_profile.id"], name=op.f("fk_case_profile_id")),
        sa.ForeignKeyConstraint(["responsible_org_id"], ["handling.org.id"], name=op.f("fk_case_responsible_org_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["handling.unit.id"], name=op.f("fk_case_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
        schema="handling",
    )
    op.create_index("ix_case_point", "case", ["point"], unique=False, schema="handling", postgresql_using="gist")
    op.create_index("ix_case_responsible", "case", ["responsible_org_id", "state"], unique=False, schema="handling")
    op.create_table(
        "category_version",
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("penalty_policy", sa.Text(), nullable=False),
        sa.Column("routing", sa.Text(), nullable=False),
        sa.Column("lead_dept_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lead_rule", sa.Text(), nullable=False),
        sa.Column("coop_dept_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("other_parties", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("town_role", sa.Text(), nullable=False),
        sa.Column("role_note_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("role_note_en", sa.Text(), server_default="", nullable=False),
        sa.Column("first_action_zh", sa.Text(), nullable=False),
        sa.Column("first_action_en", sa.Text(), nullable=False),
        sa.Column("safety_text_zh", sa.Text(), nullable=False),
        sa.Column("safety_text_en", sa.Text(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("verify_amount", sa.Integer(), nullable=True),
        sa.Column("verify_unit", sa.Text(), nullable=True),
        sa.Column("verify_note_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("verify_note_en", sa.Text(), server_default="", nullable=False),
        sa.Column("fix_at_once", sa.Boolean(), nullable=False),
        sa.Column("fix_amount", sa.Integer(), nullable=True),
        sa.Column("fix_unit", sa.Text(), nullable=True),
        sa.Column("fix_note_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("fix_note_en", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "more_limits",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "variants", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "checks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("criminal_screen", sa.Boolean(), nullable=False),
        sa.Column("moving_object", sa.Boolean(), nullable=False),
        sa.Column("night_rule", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cardinality(lead_dept_kinds) > 0 or lead_rule = 'intake'", name=op.f("ck_category_version_has_lead")
        ),
        sa.CheckConstraint(
            "fix_unit in ('clock_min', 'clock_h', 'work_h', 'work_d', 'cal_d')",
            name=op.f("ck_category_version_fix_unit"),
        ),
        sa.CheckConstraint("lead_rule in ('all','first','intake')", name=op.f("ck_category_version_lead_rule")),
        sa.CheckConstraint(
            "penalty_policy in ('mandatory','conditional','none')", name=op.f("ck_category_version_penalty_policy")
        ),
        sa.CheckConstraint("routing in ('town','desk','group')", name=op.f("ck_category_version_routing")),
        sa.CheckConstraint(
            "town_role in ('main','assist','informed','none')", name=op.f("ck_category_version_town_role")
        ),
        sa.CheckConstraint("urgency in ('immediate', 'urgent', 'normal')", name=op.f("ck_category_version_urgency")),
        sa.CheckConstraint(
            "verify_unit in ('clock_min', 'clock_h', 'work_h', 'work_d', 'cal_d')",
            name=op.f("ck_category_version_verify_unit"),
        ),
        sa.CheckConstraint(
            "(fix_amount is null) = (fix_unit is null) and fix_amount > 0", name=op.f("ck_category_version_fix_limit")
        ),
        sa.CheckConstraint(
            "(verify_amount is null) = (verify_unit is null) and verify_amount > 0",
            name=op.f("ck_category_version_verify_limit"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_category_version_version")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["handling.category.code"], name=op.f("fk_category_version_category_code")
        ),
        sa.PrimaryKeyConstraint("category_code", "version", name=op.f("pk_category_version")),
        schema="handling",
    )
    op.create_table(
        "deadline_rule",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("roll", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("outer_basis", sa.Text(), server_default="", nullable=False),
        sa.Column("note_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("note_en", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "amount > 0 or (amount = 0 and unit in ('clock_min','clock_h'))", name=op.f("ck_deadline_rule_amount")
        ),
        sa.CheckConstraint(
            "not roll or (unit = 'cal_d' and clock not in ('first_arrival', 'verify', 'verify_start', 'relay', 'stop_work', 'cordon', 'rectify', 'rectify_major', 'rectify_listed', 're_verify'))",
            name=op.f("ck_deadline_rule_roll"),
        ),
        sa.CheckConstraint(
            "unit in ('clock_min', 'clock_h', 'work_h', 'work_d', 'cal_d')", name=op.f("ck_deadline_rule_unit")
        ),
        sa.CheckConstraint(
            "urgency in ('immediate', 'urgent', 'normal', 'any')", name=op.f("ck_deadline_rule_urgency")
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["handling.deadline_profile.id"], name=op.f("fk_deadline_rule_profile_id")
        ),
        sa.PrimaryKeyConstraint("profile_id", "clock", "urgency", name=op.f("pk_deadline_rule")),
        schema="handling",
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("valid", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("district_code ~ '^[0-9]{6}$'", name=op.f("ck_zone_district_code")),
        sa.CheckConstraint("effect in ('permit', 'forbid')", name=op.f("ck_zone_effect")),
        sa.CheckConstraint("not isempty(valid)", name=op.f("ck_zone_valid")),
        sa.CheckConstraint("st_isvalid(geom) and not st_isempty(geom)", name=op.f("ck_zone_geom")),
        sa.ForeignKeyConstraint(["rule"], ["handling.zone_rule.rule"], name=op.f("fk_zone_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        schema="handling",
    )
    op.create_index("ix_zone_geom", "zone", ["geom"], unique=False, schema="handling", postgresql_using="gist")
    op.create_index("ix_zone_rule", "zone", ["rule"], unique=False, schema="handling")
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_question_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        schema="intake",
    )
    op.create_index(op.f("ix_question_report_id"), "question", ["report_id"], unique=False, schema="intake")
    op.create_table(
        "report_case",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_report_case_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_case")),
        schema="intake",
    )
    op.create_index("ix_report_case_case_id", "report_case", ["case_id"], unique=False, schema="intake")
    op.create_table(
        "report_event",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "body", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_report_event_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_event")),
        sa.UniqueConstraint("report_id", "seq", name=op.f("uq_report_event_report_id_seq")),
        schema="intake",
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_account_role_account_id")),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
        schema="handling",
    )
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.Column(
            "body", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_case_event_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_case_event_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_event_case_id_seq")),
        schema="handling",
    )
    op.create_table(
        "exposure",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("entity_workers", sa.Integer(), nullable=True),
        sa.Column("own_inspection", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("ground in ('A','B','C','D','E')", name=op.f("ck_exposure_ground")),
        sa.CheckConstraint(
            "state in ('drafting', 'legal_review', 'approved', 'published', 'withdrawn', 'expired', 'dropped')",
            name=op.f("ck_exposure_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_exposure_case_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["handling.account.id"], name=op.f("fk_exposure_drafted_by")),
        sa.ForeignKeyConstraint(["published_by"], ["handling.account.id"], name=op.f("fk_exposure_published_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["handling.account.id"], name=op.f("fk_exposure_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exposure_public_id")),
        schema="handling",
    )
    op.create_index(op.f("ix_exposure_case_id"), "exposure", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "uq_exposure_live",
        "exposure",
        ["case_id", "ground"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state in ('drafting','legal_review','approved','published')"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_notice_org_id")),
        sa.ForeignKeyConstraint(["read_by"], ["handling.account.id"], name=op.f("fk_notice_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        schema="handling",
    )
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["org_id", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "picture",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("large_key", sa.Text(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('stored','clean','rejected')", name=op.f("ck_picture_state")),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_picture_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_picture_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        schema="handling",
    )
    op.create_index("ix_picture_case_id", "picture", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "rectify_order",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible_party", sa.Text(), nullable=False),
        sa.Column("no_operator", sa.Boolean(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("funding", sa.Text(), nullable=False),
        sa.Column("contingency", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fixed_on_spot", sa.Boolean(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_rectify_order_case_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["handling.account.id"], name=op.f("fk_rectify_order_issued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectify_order")),
        sa.UniqueConstraint("number", name=op.f("uq_rectify_order_number")),
        schema="handling",
    )
    op.create_index("ix_rectify_order_case_id", "rectify_order", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["handling.account.id"], name=op.f("fk_staff_session_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
        schema="handling",
    )
    op.create_index(
        op.f("ix_staff_session_account_id"), "staff_session", ["account_id"], unique=False, schema="handling"
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("duty_item", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_what", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('town','lead','coop','group')", name=op.f("ck_task_kind")),
        sa.CheckConstraint("state in ('open','signed','answered','cancelled')", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["org_id"], ["handling.org.id"], name=op.f("fk_task_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["handling.account.id"], name=op.f("fk_task_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        schema="handling",
    )
    op.create_index("ix_task_case_id", "task", ["case_id", "org_id"], unique=False, schema="handling")
    op.create_index(
        "ix_task_desk",
        "task",
        ["due_at", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('open','signed') and kind in ('town','group')"),
    )
    op.create_index(
        "ix_task_queue",
        "task",
        ["org_id", "due_at", "id"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("state in ('open','signed')"),
    )
    op.create_index(
        "uq_task_main",
        "task",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("kind in ('town','group') and state <> 'cancelled'"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column(
            "companion_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("distance_reason", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("people_present", sa.Text(), nullable=True),
        sa.Column(
            "findings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("permit_check", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("signature_note", sa.Text(), nullable=True),
        sa.Column("record_hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind in ('verification','enforcement')", name=op.f("ck_visit_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_visit_case_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["handling.account.id"], name=op.f("fk_visit_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        schema="handling",
    )
    op.create_index("ix_visit_case_id", "visit", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "uq_visit_open",
        "visit",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("completed_at is null"),
    )
    op.create_table(
        "answer",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["intake.question.id"], name=op.f("fk_answer_question_id")),
        sa.ForeignKeyConstraint(["report_id"], ["intake.report.id"], name=op.f("fk_answer_report_id")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_answer")),
        schema="intake",
    )
    op.create_index(op.f("ix_answer_report_id"), "answer", ["report_id"], unique=False, schema="intake")
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_clock_case_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["handling.deadline_profile.id"], name=op.f("fk_clock_profile_id")),
        sa.ForeignKeyConstraint(["task_id"], ["handling.task.id"], name=op.f("fk_clock_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        schema="handling",
    )
    op.create_index(
        "ix_clock_due",
        "clock",
        ["due_at"],
        unique=False,
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
    )
    op.create_index(
        "uq_clock_running",
        "clock",
        ["case_id", "kind", "task_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "completion",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by", sa.Integer(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_completion_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["handling.rectify_order.id"], name=op.f("fk_completion_order_id")),
        sa.ForeignKeyConstraint(["stated_by"], ["handling.account.id"], name=op.f("fk_completion_stated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        schema="handling",
    )
    op.create_index("ix_completion_case_id", "completion", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "record_copy",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("record_hash", sa.LargeBinary(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_record_copy_case_id")),
        sa.ForeignKeyConstraint(["delivered_by"], ["handling.account.id"], name=op.f("fk_record_copy_delivered_by")),
        sa.ForeignKeyConstraint(["visit_id"], ["handling.visit.id"], name=op.f("fk_record_copy_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_copy")),
        sa.UniqueConstraint("visit_id", "recipient", name=op.f("uq_record_copy_visit_id_recipient")),
        schema="handling",
    )
    op.create_index(op.f("ix_record_copy_case_id"), "record_copy", ["case_id"], unique=False, schema="handling")
    op.create_table(
        "verdict",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=False),
        sa.Column("proposed_sanction", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("criterion", sa.Text(), nullable=True),
        sa.Column("consequences", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "outcome in ('substantiated', 'partly', 'unsubstantiated', 'unverifiable')", name=op.f("ck_verdict_outcome")
        ),
        sa.CheckConstraint("state in ('proposed','approved','returned')", name=op.f("ck_verdict_state")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_verdict_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["handling.account.id"], name=op.f("fk_verdict_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["handling.account.id"], name=op.f("fk_verdict_proposed_by")),
        sa.ForeignKeyConstraint(["visit_id"], ["handling.visit.id"], name=op.f("fk_verdict_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        schema="handling",
    )
    op.create_index("ix_verdict_case_id", "verdict", ["case_id"], unique=False, schema="handling")
    op.create_index(
        "uq_verdict_open",
        "verdict",
        ["case_id"],
        unique=True,
        schema="handling",
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "acceptance",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("completion_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result in ('pass','fail')", name=op.f("ck_acceptance_result")),
        sa.ForeignKeyConstraint(["accepted_by"], ["handling.account.id"], name=op.f("fk_acceptance_accepted_by")),
        sa.ForeignKeyConstraint(["case_id"], ["handling.case.id"], name=op.f("fk_acceptance_case_id")),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["handling.completion.id"], name=op.f("fk_acceptance_completion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        schema="handling",
    )
    op.create_index("ix_acceptance_case_id", "acceptance", ["case_id"], unique=False, schema="handling")


def downgrade() -> None:
    op.execute("drop sequence handling.case_number")
    op.drop_index("ix_acceptance_case_id", table_name="acceptance", schema="handling")
    op.drop_table("acceptance", schema="handling")
    op.drop_index(
        "uq_verdict_open", table_name="verdict", schema="handling", postgresql_where=sa.text("state = 'proposed'")
    )
    op.drop_index("ix_verdict_case_id", table_name="verdict", schema="handling")
    op.drop_table("verdict", schema="handling")
    op.drop_index(op.f("ix_record_copy_case_id"), table_name="record_copy", schema="handling")
    op.drop_table("record_copy", schema="handling")
    op.drop_index("ix_completion_case_id", table_name="completion", schema="handling")
    op.drop_table("completion", schema="handling")
    op.drop_index(
        "uq_clock_running",
        table_name="clock",
        schema="handling",
        postgresql_where=sa.text("stopped_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_clock_due", table_name="clock", schema="handling", postgresql_where=sa.text("stopped_at is null"))
    op.drop_table("clock", schema="handling")
    op.drop_index(op.f("ix_answer_report_id"), table_name="answer", schema="intake")
    op.drop_table("answer", schema="intake")
    op.drop_index(
        "uq_visit_open", table_name="visit", schema="handling", postgresql_where=sa.text("completed_at is null")
    )
    op.drop_index("ix_visit_case_id", table_name="visit", schema="handling")
    op.drop_table("visit", schema="handling")
    op.drop_index(
        "uq_task_main",
        table_name="task",
        schema="handling",
        postgresql_where=sa.text("kind in ('town','group') and state <> 'cancelled'"),
    )
    op.drop_index(
        "ix_task_queue", table_name="task", schema="handling", postgresql_where=sa.text("state in ('open','signed')")
    )
    op.drop_index(
        "ix_task_desk",
        table_name="task",
        schema="handling",
        postgresql_where=sa.text("state in ('open','signed') and kind in ('town','group')"),
    )
    op.drop_index("ix_task_case_id", table_name="task", schema="handling")
    op.drop_table("task", schema="handling")
    op.drop_index(op.f("ix_staff_session_account_id"), table_name="staff_session", schema="handling")
    op.drop_table("staff_session", schema="handling")
    op.drop_index("ix_rectify_order_case_id", table_name="rectify_order", schema="handling")
    op.drop_table("rectify_order", schema="handling")
    op.drop_index("ix_picture_case_id", table_name="picture", schema="handling")
    op.drop_table("picture", schema="handling")
    op.drop_index(
        "ix_notice_unread", table_name="notice", schema="handling", postgresql_where=sa.text("read_at is null")
    )
    op.drop_table("notice", schema="handling")
    op.drop_index(
        "uq_exposure_live",
        table_name="exposure",
        schema="handling",
        postgresql_where=sa.text("state in ('drafting','legal_review','approved','published')"),
    )
    op.drop_index(op.f("ix_exposure_case_id"), table_name="exposure", schema="handling")
    op.drop_table("exposure", schema="handling")
    op.drop_table("case_event", schema="handling")
    op.drop_table("account_role", schema="handling")
    op.drop_table("report_event", schema="intake")
    op.drop_index("ix_report_case_case_id", table_name="report_case", schema="intake")
    op.drop_table("report_case", schema="intake")
    op.drop_index(op.f("ix_question_report_id"), table_name="question", schema="intake")
    op.drop_table("question", schema="intake")
    op.drop_index("ix_zone_rule", table_name="zone", schema="handling")
    op.drop_index("ix_zone_geom", table_name="zone", schema="handling", postgresql_using="gist")
    op.drop_table("zone", schema="handling")
    op.drop_table("deadline_rule", schema="handling")
    op.drop_table("category_version", schema="handling")
    op.drop_index("ix_case_responsible", table_name="case", schema="handling")
    op.drop_index("ix_case_point", table_name="case", schema="handling", postgresql_using="gist")
    op.drop_table("case", schema="handling")
    op.drop_index("ix_boundary_unit_id", table_name="boundary", schema="handling")
    op.drop_index("ix_boundary_geom", table_name="boundary", schema="handling", postgresql_using="gist")
    op.drop_table("boundary", schema="handling")
    op.drop_index(op.f("ix_account_org_id"), table_name="account", schema="handling")
    op.drop_table("account", schema="handling")
    op.drop_table("identity", schema="vault")
    op.drop_index("ix_public_exposure_updated", table_name="exposure", schema="record")
    op.drop_table("exposure", schema="record")
    op.drop_table("change", schema="record")
    op.drop_index("ix_report_reference", table_name="report", schema="intake")
    op.drop_index(
        "ix_report_desk",
        table_name="report",
        schema="intake",
        postgresql_where=sa.text("state in ('in_review','need_more')"),
    )
    op.drop_table("report", schema="intake")
    op.drop_index(
        "ix_photo_waiting", table_name="photo", schema="intake", postgresql_where=sa.text("state = 'waiting'")
    )
    op.drop_table("photo", schema="intake")
    op.drop_table("zone_rule", schema="handling")
    op.drop_index("ix_unit_district_code", table_name="unit", schema="handling")
    op.drop_table("unit", schema="handling")
    op.drop_table("slot", schema="handling")
    op.drop_table("reason_code", schema="handling")
    op.drop_table("policy_value", schema="handling")
    op.drop_index(
        "uq_org_unit_code", table_name="org", schema="handling", postgresql_where=sa.text("unit_code is not null")
    )
    op.drop_table("org", schema="handling")
    op.drop_index(
        "ix_job_due",
        table_name="job",
        schema="handling",
        postgresql_where=sa.text("done_at is null and failed_at is null"),
    )
    op.drop_table("job", schema="handling")
    op.drop_table("edition", schema="handling")
    op.drop_table("duty_item", schema="handling")
    op.drop_table("department_kind", schema="handling")
    op.drop_table("deadline_profile", schema="handling")
    op.drop_table("category", schema="handling")
    op.drop_table("calendar_year", schema="handling")
    op.drop_table("calendar_day", schema="handling")
