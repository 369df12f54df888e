# An auditor's week.
audit-tab = Audit
audit-heading = The week in review
audit-lead = { $number ->
    [0] nothing was done
   *[other] { $number } rows
}
audit-from = Week that begins on
audit-show = Show
audit-earlier = The week before
audit-later = The week after
audit-error-from = Write the day as year, month and day, for example 2026-11-23
audit-failed-heading = Failed sign-ins
audit-failed-none = Nobody failed to sign in.
audit-failed-caption = Failed sign-ins by name. Ask each person whether it was really them.
audit-times = Times
audit-last = Last (UTC)
audit-by-act = By act
audit-by-act-caption = What was done, how often
audit-by-person = By person
audit-by-person-caption = Who did something, how often
audit-cells-heading = Who did what
audit-cells-caption = Acts by person, failed sign-ins first
audit-rows-heading = Row by row
audit-rows = The last { $number } rows of the week
audit-rows-caption = Rows of the audit, newest first
audit-verify-heading = Does the log hold?
audit-verify = Each row is chained to the one before. A row that was changed, removed or moved shows.
audit-verify-button = Check every row
audit-holds = The log holds
audit-holds-rows = All { $number } rows are as they were written. Write down the end of the chain and keep it elsewhere:
audit-broken = The log does not hold
audit-broken-next = Change nothing. Tell whoever runs this installation and keep the last backup.
audit-finding-changed = Row { $row } was changed, or stands where another stood.
audit-finding-missing = Row { $row } is missing.
audit-finding-reason = Row { $row } has another reason than was given.
audit-finding-reason-gone = Row { $row } lost its reason, and no order destroyed it.
audit-finding-reason-back = Row { $row } has a reason that an order destroyed.
audit-finding-checkpoint = Row { $row } is another than a checkpoint says.
