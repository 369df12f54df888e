# The frame of every page. Tabs are read by whoever looks over a shoulder: they say nothing.
skip = Skip to the page
exit = Exit this page
exit-how = or press Esc three times
exit-once = Press two more times to exit.
exit-twice = Press once more to exit.
exit-leaving = Exiting.
exit-stayed = You are still on this page.
exit-tab = Weather
danger-now = In danger now? Call { $emergency }.
danger-talk = To talk to someone, free, at any hour: { $hotline }, or text { $text }.
practice-band = Practice. All of it is made up, except the phone numbers.
navigation-label-public = This site
navigation-label-desk = Work
navigation-home = Home
navigation-help = I need help
navigation-report = I saw something
navigation-privacy = Privacy
navigation-accessibility = Accessibility
navigation-design = Design
navigation-public = Public site
colophon = Made with Clearway. No cookies, no tracking.
colophon-desk = Made with Clearway.

# The list of errors at the head of a form.
errors-heading = { $number ->
    [one] One answer needs another look
   *[other] { $number } answers need another look
}
errors-tab = To correct: { $tab }
field-error = To correct:
