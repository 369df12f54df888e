# The state's picture, an agency's quarter, jobs, what is published.
navigation-agency = Your quarter
navigation-state = The state
navigation-jobs = Jobs
navigation-published = Published report
act-asked = asked for
act-done = was done
act-failed = failed
act-cancelled = was cancelled
act-interrupted = was interrupted
subject-job = job { $number }

# What is published
published-tab = Report
published-heading = The published report
published-pages = Read the report
published-pages-about = On this site, with charts and tables.
published-pdf = Print the report
published-pdf-about = The same as a PDF.
published-tables = The numbers as data
published-tables-about = Tables for a spreadsheet (CSV). Each has a description beside it that programs read.
published-how = How the numbers were made
published-how-about = Numbers about people were released under rules that protect each person. The report says which rules, and how exact each number is.
published-none = Nothing is published here yet.
published-none-next = When the state publishes its report, it is here for everyone to read.

# The state's picture
state-tab = State
state-heading = The state’s picture
state-lead = Each number leads to where it comes from.
state-internal = This is for work. It is not for publication.
state-of-agency = You see the sums of the state, what is published, and what your agency has sent.
state-english = The charts and tables below are in English.
state-made = Open the last report that was made as pages
state-none = No return is in yet. The picture begins with the first return that is accepted.
state-findings = What is odd about the numbers
state-findings-none = Nothing was found.
state-notes = Notes

# Where a number comes from
explain-tab = State
explain-name = Name
explain-definition = Definition
explain-definition-source = Source of the definition
explain-coverage = Who is in it
explain-as-of = As of
explain-note = What the return says
explain-sources = Returns
explain-sources-none = No return is named.
explain-row = row { $row }
explain-revisions = Earlier answers
explain-revisions-none = There is no earlier answer.
explain-findings = What is odd about it
explain-findings-none = Nothing was found.
figure-hidden = fewer than 11, hidden
figure-unknown = unknown
figure-not-collected = not collected
figure-not-stated = not stated
standing-published = published by its source
standing-submitted = internal, not for publication
standing-synthetic = Made up for practice
filter-period = Period
filter-reporter = Reported by
filter-task-force = Task force
filter-county = County
filter-agency = Agency
filter-trafficking-type = Type of trafficking
filter-statute = Section
filter-age = Age
filter-status = Status
filter-caution = Caution

# Your quarter
agency-tab = Quarter
agency-heading = Your quarter
agency-reported = { $reported } of { $expected } task forces have reported it
agency-whole = Your own numbers stand as you sent them. The numbers of the state are hidden where they are small, or would tell what one other agency sent.
agency-none = Your agency has no accepted return yet.
agency-none-next = Your numbers stand here, beside the state’s, as soon as the collector has accepted a return.
agency-next = What to do next
agency-next-none = Nothing is expected: your agency has not begun to file its returns in the browser.
agency-next-caption = Your returns of the last quarters
agency-quarter = Quarter
agency-filed = Return
agency-due = Last day
agency-late = { $days ->
    [one] one day late
   *[other] { $days } days late
}
agency-go-on = fill it in, or answer
agency-questions = Questions about your numbers
agency-questions-none = No rule found anything to ask.
agency-figures = Your numbers
agency-figures-caption = Your agency beside the state
agency-counted = What is counted
agency-own = You
agency-before = Quarter before
agency-state = State
agency-who = Who is in it
agency-not-sent = not sent
agency-no-sum = no sum
agency-coverage = { $reported } of { $expected }
agency-charts = Quarter by quarter
agency-charts-drawn = Columns from zero, one for each quarter.
agency-charts-about = What your agency has sent, added up over its own cells.

# Jobs
jobs-tab = Jobs
jobs-heading = Jobs
jobs-lead = Long work is done here one job at a time, while you do something else.
jobs-ask = Ask for a job
jobs-kind = What is to be done
jobs-button = Ask for it
jobs-error-kind = Choose what is to be done
jobs-error-open = One of this kind waits or runs already. Wait for it, or cancel it first
jobs-listed = Latest jobs
jobs-none = No job was asked for yet.
jobs-caption = Jobs, newest first
jobs-number = Number
jobs-what = What
jobs-state = How far
jobs-asked-by = Asked by
jobs-asked-at = Asked (UTC)
job-report = State report
job-about-report = pages with every chart and table, to read here
job-people = Count of people
job-about-people = nobody counted twice, as a range
job-estimate = Estimate
job-about-estimate = how many people are on no list
job-waiting = Waits for its turn
job-running = Runs
job-done = Done
job-failed = Failed
job-cancelled = Cancelled
job-interrupted = Interrupted: the server stopped. Ask for it again
job-progress = Steps
job-again = Look again
job-leave = You can leave this page. The job goes on.
job-cancel = Cancel this job
job-why = It could not be done
job-why-next = Nothing was changed. When the cause is gone, ask for it again.
job-open-report = Open the report (in English)
job-started = Began (UTC)
job-ended = Ended (UTC)
job-result-report = The report has { $number } figures.
job-result-people = Between { $low } and { $high } people are on the lists of agencies.
job-result-estimate = There are between { $low } and { $high } people in all, those on no list included.
