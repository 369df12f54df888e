# Stepwise choice of pairs with a bootstrap that chooses anew, as a user of R would write it around
# glm.fit, which is what the packages call too. Without their check that an estimate exists, which
# takes longer than the fits: so this is less than the packages do.
#
#   Rscript peer.R TABLE.csv REPLICATES
#
# Prints a row: peer, what, table, replicates, processor seconds, estimate, lower and upper end.

arguments <- commandArgs(trailingOnly = TRUE)
name <- sub("\\.csv$", "", basename(arguments[1]))
replicates <- as.integer(arguments[2])

file <- read.csv(arguments[1])
lists <- ncol(file) - 1
# All histories but the one on no list, and all pairs.
histories <- as.matrix(expand.grid(rep(list(0:1), lists)))[-1, ]
key <- function(of) as.vector(as.matrix(of) %*% 2^(seq_len(lists) - 1))
seen <- numeric(nrow(histories))
seen[match(key(file[, seq_len(lists)]), key(histories))] <- file[, lists + 1]
pairs <- combn(lists, 2)
overlap <- apply(pairs, 2, function(pair) histories[, pair[1]] * histories[, pair[2]])
singles <- cbind(1, histories)

# A pair that nobody is on drops out, with the histories that contain it.
fit <- function(counts, chosen) {
    empty <- chosen[colSums(overlap[, chosen, drop = FALSE] * counts) == 0]
    rows <- rowSums(overlap[, empty, drop = FALSE]) == 0
    design <- cbind(singles, overlap[, setdiff(chosen, empty), drop = FALSE])[rows, , drop = FALSE]
    found <- suppressWarnings(glm.fit(design, counts[rows], family = poisson()))
    means <- numeric(length(counts))
    means[rows] <- found$fitted.values
    list(population = sum(counts) + exp(found$coefficients[[1]]), means = means)
}

stepwise <- function(counts, threshold = 0.02) {
    chosen <- integer()
    found <- fit(counts, chosen)
    repeat {
        left <- setdiff(seq_len(ncol(overlap)), chosen)
        if (length(left) == 0) break
        both <- colSums(overlap[, left, drop = FALSE] * counts)
        expected <- colSums(overlap[, left, drop = FALSE] * found$means)
        chance <- pmin(ppois(both, expected), ppois(both - 1, expected, lower.tail = FALSE))
        if (min(chance) >= threshold) break
        chosen <- c(chosen, left[which.min(chance)])
        found <- fit(counts, chosen)
    }
    found$population
}

start <- proc.time()
population <- stepwise(seen)
set.seed(1)
people <- sum(seen)
resampled <- replicate(replicates, stepwise(as.vector(rmultinom(1, people, seen / people))))
with_people <- which(seen > 0)
one_less <- sapply(with_people, function(at) {
    counts <- seen
    counts[at] <- counts[at] - 1
    stepwise(counts)
})
weights <- seen[with_people]
away <- sum(weights * one_less) / people - one_less
acceleration <- sum(weights * away^3) / (6 * sum(weights * away^2)^1.5)
bias <- qnorm(mean(resampled < population))
shifted <- bias + qnorm(c(0.025, 0.975))
share <- pnorm(bias + shifted / (1 - acceleration * shifted))
ends <- quantile(resampled, share, type = 8, names = FALSE)
seconds <- sum((proc.time() - start)[c("user.self", "sys.self")])
cat(sprintf("R %s glm.fit,stepwise,%s,%d,%.3f,%.1f,%.1f,%.1f\n",
    getRversion(), name, replicates, seconds, population, ends[1], ends[2]))
