"""Scores links and clusters against the truth; the same functions for every peer.

In: arrays with one entry for each row (agency, truth) and pairs of rows with probabilities.
Out: dictionaries of figures. A pair counts as cross-agency when its rows are of two agencies.
"""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def pairs_within(labels):
    """How many pairs of rows have the same label."""
    _, counts = np.unique(labels, return_counts=True)
    return int((counts.astype(np.int64) * (counts - 1) // 2).sum())


def cross_pairs(labels, agency):
    """How many pairs of rows have the same label and two agencies."""
    both = labels.astype(np.int64) * (int(agency.max()) + 1) + agency
    return pairs_within(labels) - pairs_within(both)


def clusters_score(cluster, truth, agency):
    """Precision, recall and F1 over cross-agency pairs that clusters imply, and the persons."""
    both = np.unique(np.stack([cluster, truth]), axis=1, return_inverse=True)[1].ravel()
    found, true, right = (cross_pairs(labels, agency) for labels in (cluster, truth, both))
    precision, recall = right / max(found, 1), right / max(true, 1)
    persons, true_persons = len(np.unique(cluster)), len(np.unique(truth))
    return {"cross_precision": round(precision, 4), "cross_recall": round(recall, 4),
            "cross_f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
            "persons": persons, "persons_true": true_persons,
            "persons_off_percent": round(100 * (persons / true_persons - 1), 2),
            "largest_cluster": int(np.bincount(cluster).max())}


def connected(rows, first, second):
    """Connected components."""
    graph = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(rows, rows))
    return connected_components(graph, directed=False)[1]


def links_score(first, second, truth, agency):
    """Precision, recall and F1 of the links themselves, over cross-agency pairs."""
    cross = agency[first] != agency[second]
    right = int((truth[first] == truth[second])[cross].sum())
    found, true = int(cross.sum()), cross_pairs(truth, agency)
    precision, recall = right / max(found, 1), right / max(true, 1)
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4)}


def calibration(first, second, probability, truth):
    """Mean probability against the share that is true, in ten bins of at least 100 pairs."""
    right = truth[first] == truth[second]
    at = np.minimum((probability * 10).astype(int), 9)
    bins = []
    for place in range(10):
        inside = at == place
        if inside.sum() >= 100:
            said, true = float(probability[inside].mean()), float(right[inside].mean())
            bins.append({"from": place / 10, "pairs": int(inside.sum()), "said": round(said, 4),
                         "true": round(true, 4), "gap": round(abs(said - true), 4)})
    return bins


def thresholds(rows, first, second, probability, truth, agency, grid):
    """The score of connected components at each threshold of a grid."""
    scores = []
    for threshold in grid:
        kept = probability >= threshold
        cluster = connected(rows, first[kept], second[kept])
        score = clusters_score(cluster, truth, agency)
        score["links_f1"] = links_score(first[kept], second[kept], truth, agency)["f1"]
        scores.append({"threshold": threshold, **score})
    return scores
