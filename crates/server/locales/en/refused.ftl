# What was refused, and what to do.
problem-old-form = This form is no longer good
problem-old-form-next = You signed in anew since you opened it, or somebody else did. Open the page again and send it from there.
refused-tries = { $minutes ->
    [one] Too many tries. Try again in one minute
   *[other] Too many tries. Try again in { $minutes } minutes
}
refused-sign-in = Name, passphrase or code is wrong. Type all three again
refused-passphrase = The passphrase is wrong. Type it again
refused-off = This account is off. An administrator of your agency turns it on
refused-role = This is none of your roles. Choose another
refused-invitation = This invitation is wrong, used or over. Check name and code, or ask for another
refused-name = A name has 3 to 64 lower-case letters, digits, dots, hyphens, underscores or @
refused-name-taken = Somebody has this name already. Choose another
refused-no-member = Nobody of your agency has this name, may read this, and has this fingerprint
refused-terminal = Administrators are made, changed and invited again on the terminal only
refused-roles = Choose at least one role. Administrator and auditor stand alone, and who counts for the state has no other role
refused-two-officers = Two administrators must have joined first. Any two give back what one member loses
refused-compartment-there = Your agency has this already
refused-no-key = You do not read this yourself. Check the number
refused-no-share = You hold no share of this. Another administrator hands over
refused-passphrase-short = Make it longer: at least 15 characters
refused-passphrase-long = Make it shorter: at most 256 characters
refused-passphrase-common = Many people use this one. Take four or five words that do not belong together
refused-passphrase-pattern = It repeats itself or runs along the alphabet, the digits or the keyboard. Take words instead
refused-passphrase-name = Your name is in it. Leave it out
refused-passphrase-clearway = “Clearway” is in it. Leave it out
refused-passphrase-character = A character in it is not on every keyboard, such as a tab. Leave it out
