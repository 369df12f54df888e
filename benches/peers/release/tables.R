# Which cells GaussSuppression hides so that no hidden cell can be computed from the others, all
# margins published: how many by the threshold (primary) and how many more (secondary).
#
#   Rscript tables.R CASES.csv [THRESHOLD]        10 unless told
#
# Needs the packages GaussSuppression and SSBtools of CRAN; says so and ends when they are not there.
words <- commandArgs(trailingOnly = TRUE)
if (length(words) < 1) stop("which file? tables.R CASES.csv [THRESHOLD]")
threshold <- if (length(words) > 1) as.integer(words[2]) else 10L
if (!requireNamespace("GaussSuppression", quietly = TRUE)) {
  message("GaussSuppression is not installed; install.packages(\"GaussSuppression\") where CRAN can be reached")
  quit(status = 3)
}

cases <- read.csv(words[1], colClasses = "character", na.strings = character())
tables <- list(c("yearOfRegistration", "ageBroad", "gender"),
               c("CountryOfExploitation", "ageBroad", "gender"))
for (dimensions in tables) {
  people <- cases[dimensions]
  # A blank is a category; the package takes an empty word for a missing one.
  people[] <- lapply(people, function(word) ifelse(word == "", "(blank)", word))
  people$count <- 1
  counts <- aggregate(count ~ ., data = people, FUN = sum)
  # Every combination, since a cell of zero takes part in the sums; zeros are shown, as ours are.
  every <- do.call(expand.grid, c(lapply(people[dimensions], function(word) sort(unique(word))),
                                  stringsAsFactors = FALSE))
  counts <- merge(every, counts, all.x = TRUE)
  counts$count[is.na(counts$count)] <- 0
  before <- proc.time()
  table <- GaussSuppression::SuppressSmallCounts(
    data = counts, dimVar = dimensions, freqVar = "count",
    maxN = threshold - 1, protectZeros = FALSE, extend0 = FALSE, printInc = FALSE)
  took <- proc.time() - before
  inner <- Reduce(`&`, lapply(dimensions, function(dimension) table[[dimension]] != "Total"))
  count <- function(what) sprintf("%d (%d of them inner)", sum(what), sum(what & inner))
  cat(sprintf("%s: %d cells with margins (%d inner), primary %s, secondary %s, %.2f CPU s\n",
              paste(dimensions, collapse = " x "), nrow(table), sum(inner), count(table$primary),
              count(table$suppressed & !table$primary), sum(took[c("user.self", "sys.self")])))
}
