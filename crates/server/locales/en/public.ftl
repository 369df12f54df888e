# Whom to call, on the first screen and where help is asked for
call-danger = In danger right now? Call { $emergency }.
call-who = National Human Trafficking Hotline
call-call = Call
call-text = Text
call-about = The call is free, at any hour, in more than 200 languages. You do not have to give your name.

# First screen
home-tab = Home
home-heading = You can talk to someone now
home-doors = Where to go from here
home-help-about = For you, or for someone you care about.
home-report-about = At work, next door, online: something did not look right.

# I need help
help-tab = Information
help-heading = Getting help
help-lead = You do not have to be sure, and you do not have to have a word for it. You can ask.
help-call-heading = When you call
help-call-who = A person answers, at any hour. They are trained for this.
help-call-languages = They speak English and Spanish. For more than 200 other languages they bring in an interpreter by phone. Text messages are answered in English and Spanish.
help-call-name = You do not have to give your name. Say as much or as little as you like. You can hang up at any time.
help-call-not = The hotline is not the police and not immigration.
help-call-decide = They listen, say what is possible, and can put you in touch with people near you. You decide what happens next.
help-call-limits = What you say stays with them, with two exceptions that they name themselves: they tell the authorities if they think that a child is being abused, or that someone is about to be badly hurt.
help-call-relay = If you do not hear well, dial { $relay } first.
help-safe-heading = Looking at this safely
help-safe-exit = “Exit this page” opens a weather page in place of this one. On a keyboard, press Esc or Shift three times.
help-safe-history = It does not clear what you looked at before. Other pages stay in the history of your browser: delete them there.
help-safe-private = A private or incognito window keeps no history once you close it.
help-safe-phone = Calls and text messages stay in the lists of a phone. Delete them there, too, and know that they may show on the phone bill.
help-safe-other = If someone checks your phone or may have put a program on it, use another one: a friend’s, a library’s, a clinic’s.
help-site-heading = What this site knows about you
help-site = Nothing. It sets no cookie, asks for no account, and does not write down where you are. { $privacy }
help-site-link = More about privacy

# I saw something
report-tab = Contact
report-heading = Telling what you saw
report-not-here-heading = This site does not take reports yet
report-not-here = There is no form here. These people take what you saw, at any hour:
report-danger-heading = Someone is in danger now
report-danger = Call { $emergency }. Say where it is first.
report-else-heading = Anything else
report-else = Call the National Human Trafficking Hotline at { $hotline }, or text { $text }. You do not have to give your name.
report-else-sure = You do not have to be sure. They know what to ask.
report-before-heading = Before you call
report-before-step = Do not step in, and do not say anything to the person you suspect. It can put you and the others in danger.
report-before-note = Note what you saw yourself: where, when, what was said, a license plate, the name of a site.
report-before-guess = Say what you know and what you guess. “I don’t know” is an answer.

# Privacy
privacy-tab = Privacy
privacy-heading = What this site knows about you
privacy-lead = These public pages keep nothing about you.
privacy-cookies = No cookies, no account, nothing left in your browser by this site.
privacy-address = The address of your device is not written down. Neither is which pages you looked at.
privacy-third = Nothing is loaded from any other site. The only way to another site is “Exit this page”: the weather service then sees that someone came, but not from which page.
privacy-not-heading = What we cannot see to
privacy-not-browser = Your browser remembers which pages you opened. { $help }
privacy-not-browser-link = How to look at this safely
privacy-not-network = Your phone company, or whoever runs the network you use, can see that this site was opened. They cannot see which page, as long as the address begins with https.
privacy-not-operator = The agency that runs this site may have other machines in front of it. Ask the agency what those write down.
privacy-not-hotline = The hotline has rules of its own for what you tell it.

# Accessibility
accessibility-tab = Accessibility
accessibility-heading = For everyone to read
accessibility-lead = We want everyone to be able to use this site. We work to WCAG 2.2, level AA.
accessibility-done-heading = What was done
accessibility-done-keyboard = Everything works by keyboard, and you can see where you are.
accessibility-done-script = Everything works without JavaScript; only the three key presses of “Exit this page” need it.
accessibility-done-zoom = Pages fit a screen 320 pixels wide, and text can be made twice as large.
accessibility-done-color = Nothing is said by color alone. Contrast is measured by a test, in light and in dark.
accessibility-done-languages = All pages are in English and in Spanish. Only the charts and tables of the state, what the check of a file says and what quotes a source are in English, and marked so.
accessibility-not-heading = What is missing
accessibility-not-people = People who use screen readers have not tried it yet, and no one from outside has checked it.
accessibility-not-languages = It does not speak other languages yet. The hotline does.
accessibility-tell-heading = If something does not work for you
accessibility-tell = Tell the agency that runs this site. If you need help now, call { $hotline } or text { $text }; if you do not hear well, dial { $relay } first.
