# How long base R's glm.fit takes for the hundred best models of UKdat_5 in a thousand replicates.
#
#   Rscript top_models.R UKdat_5.csv
#
# Two thousand fits of one typical model (six interactions) to resampled people, times fifty: the
# least that a package spends which fits each of a hundred models by glm in each replicate.
table <- read.csv(commandArgs(trailingOnly = TRUE)[1])
lists <- as.matrix(expand.grid(rep(list(0:1), 5)))[-1, ]
key <- function(rows) apply(rows, 1, paste, collapse = "")
counts <- setNames(rep(0, 31), key(lists))
counts[key(as.matrix(table[, 1:5]))] <- table$count
on <- function(...) apply(lists[, c(...), drop = FALSE], 1, prod)
design <- cbind(1, lists, on(1, 2), on(1, 3), on(2, 3), on(2, 5), on(3, 4), on(1, 2, 3))
set.seed(1)
before <- proc.time()
for (replicate in 1:2000) {
  people <- rmultinom(1, sum(counts), counts)[, 1]
  suppressWarnings(glm.fit(design, people, family = poisson()))
}
seconds <- (proc.time() - before)["user.self"]
cat(sprintf("%.3f ms a fit; 100 models in 1000 replicates: %.1f s\n", seconds / 2, seconds * 50))
