"""What the oracle would have to notice: for each complaint, one change to the data that brings it about.

Done as the owner with all triggers off, and rolled back: what the database itself refuses needs no oracle.
"""

ONE_REPORT = "(select id from intake.report order by id limit 1)"
# What the complaint begins with or holds: what is done.
TAMPERINGS: dict[str, str] = {
    "reports without exactly one entry of having come in":
        f"delete from intake.report_event where kind = 'received' and report_id = {ONE_REPORT}",
    "trails of reports with a gap or a double":
        "update intake.report_event set seq = seq + 100 where id = (select max(id) from intake.report_event)",
    "trails of cases with a gap or a double":
        "update handling.case_event set seq = seq + 100 where id = (select max(id) from handling.case_event)",
    "cases without a trail":
        "delete from handling.case_event where case_id = (select case_id from handling.case_event limit 1)",
    "what happens once to a report, written twice":
        "update intake.report_event set kind = 'received' where kind = 'review_started'",
    "what happened once to a case here, written twice":
        "update handling.case_event set kind = 'registered' where kind = 'dispatched'",
    "photos whose coming was written twice":
        """update intake.report_event e set kind = 'photo_stored', body = p.body
           from (select report_id, body from intake.report_event where kind = 'photo_stored' limit 1) as p
           where e.report_id = p.report_id and e.kind = 'review_started'""",
    "cases of a report that not exactly one report has opened": "update intake.report_case set opened = false",
    "accepted reports without a case": "delete from intake.report_case",
    "reports whose state and trail disagree about being accepted":
        "update intake.report_event set kind = 'seen' where kind = 'accepted'",
    "reports that nobody has judged": f"update intake.report set state = 'submitted' where id = {ONE_REPORT}",
    "reports that lie in another unit than their case": 'update handling."case" set unit_id = unit_id + 1',
    "reports that promise other photos than have rows":
        f"update intake.report set photos_promised = photos_promised + 1 where id = {ONE_REPORT}",
    "photos that came and have no file, or no hash":
        "update intake.photo set storage_key = null where id = (select id from intake.photo limit 1)",
    "photos that came and were never made ready":
        "update intake.photo set state = 'stored' where id = (select id from intake.photo limit 1)",
    "photos that lie in clear, or whose envelope is not in the vault": "delete from vault.original",
    "photos that were looked at, and still could be":
        "insert into intake.photo_key select storage_key, '' from intake.photo where state = 'clean'",
    "photos that nobody could look at":
        "update intake.photo set state = 'stored' where id = (select id from intake.photo limit 1)",
    "clean photos without both copies":
        "update intake.photo set small_key = null where id = (select id from intake.photo limit 1)",
    "files that two rows have": "update intake.photo set storage_key = (select min(storage_key) from intake.photo)",
    "reports with not exactly one job of being judged":
        """update handling.job set subject = gen_random_uuid()
           where id = (select max(id) from handling.job where step = 'triage')""",
    "jobs that were given up":
        "update handling.job set failed_at = now() where id = (select max(id) from handling.job)",
    "jobs that are due, and nobody has taken for a minute":
        """update handling.job set done_at = null, lease_until = null, run_after = now() - interval '1 hour'
           where id = (select min(id) from handling.job)""",
    "sweeps that ran twice in one moment of the schedule, or not at all":
        "delete from handling.job where id = (select max(id) from handling.job where step = 'grow_log')",
    "notices of a case that somebody got twice":
        """insert into handling.notice (org_id, case_id, kind, text, created_at)
           select (select min(id) from handling.org), (select id from handling."case" limit 1), 'twice', 'twice', now()
           from generate_series(1, 2)""",
    "emergencies of which the district was not told once each":
        """insert into handling.notice (org_id, kind, text, created_at)
           select id, 'emergency', 'again', now() from handling.org where kind = 'district'""",
    "clocks that were started twice":
        """insert into handling.clock (case_id, task_id, about_id, kind, profile_id, amount, unit, started_at, due_at,
                                       original_due_at, provisional, stopped_at, readers)
           select case_id, task_id, about_id, kind, profile_id, amount, unit, started_at, due_at, original_due_at,
                  provisional, now(), readers from handling.clock limit 1""",
    "tasks that a body got twice":
        """insert into handling.task (case_id, org_id, kind, state, goal, duty_item, due_at, due_what, created_at,
                                      readers)
           select case_id, org_id, kind, 'cancelled', goal, duty_item, due_at, due_what, created_at, readers
           from handling.task limit 1""",
    "reports with more than one envelope, or an envelope without a report":
        "update vault.identity set report_id = gen_random_uuid()",
    "is there 0 times": f"delete from intake.report where id = {ONE_REPORT}",
    "a report that nobody sent":
        f"update intake.report set client_id = gen_random_uuid() where id = {ONE_REPORT}",
    "was told to be": f"update intake.report set reference = 'another' where id = {ONE_REPORT}",
    "and is kept in":
        """update intake.report set unit_id = (select max(id) from handling.unit where id <> unit_id)
           where id = (select id from intake.report where unit_id is not null limit 1)""",
    "and its case went to":
        """update handling."case" set responsible_org_id = (
               select max(id) from handling.org where unit_code is not null and id <> responsible_org_id)
           where id = (select id from handling."case" where source = 'report' limit 1)""",
    "in the vault": "delete from vault.identity",
    "arrived and is not what it was": "update intake.photo set sha256 = decode(repeat('00', 32), 'hex')",
    "times, has": "delete from intake.answer",
    "was acknowledged and is not there": "delete from handling.case_event where kind = 'signed'",
    "was kept": "update handling.picture set client_id = gen_random_uuid()",
    "the last move on its trail": 'update handling."case" set state = \'closure_review\'',
    "a file is lost":
        "update intake.photo set small_key = 'clean/aa/gone.jpg' where id = (select id from intake.photo limit 1)",
}  # fmt: skip
