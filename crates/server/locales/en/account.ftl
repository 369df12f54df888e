# A member's own page.
account-tab = My account
account-heading = My account
account-agency = Agency
account-role = Role
account-purpose = For what
account-purpose-hint = It stands in the audit from now on.
account-print = Fingerprint of your key
account-report-heading = What the audit says of you
account-report = Everything you saw and did here, newest first, up to a hundred rows. Your auditor sees the same.
account-report-caption = Your own acts
account-role-heading = Act in another of your roles
account-role-lead = You see and do only what this one role may.
account-role-button = Change role
account-passphrase-heading = Change your passphrase
account-passphrase-lead = What you could read stays readable. Where else you are signed in, you are signed out.
account-old = The passphrase you have
account-new = The new one
account-passphrase-button = Change passphrase
account-lost-heading = After you lost a passphrase
account-lost = You joined again with a new invitation? Two administrators give back what you could read. Each asks you for your fingerprint first.
account-lost-button = See what has come back
account-back = You can read this again
account-nothing-back = Nothing has come back yet
account-nothing-back-why = Either nothing is waiting for you, or fewer than two administrators have handed over. Call them and read your fingerprint out.
account-recovered = { $number ->
    [one] One sort of text came back: you can read it again
   *[other] { $number } sorts of text came back: you can read them again
}
account-done-role = You act in another role now
account-done-passphrase = Your passphrase was changed
