# Shortcuts; the logic is in scripts/test.

# Everything, as the continuous integration runs it
test:
    scripts/test

# Format, lints and unit tests
quick:
    scripts/test quick

# The whole path on the real returns of 2012
demo:
    cargo run --release -- demo
