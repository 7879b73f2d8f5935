"""Records what scikit-learn's PCA, KMeans, TSNE and trustworthiness make of small data, for test/analysis.

    python3 test/record/record-analysis.py
"""

import gzip
import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.extmath import svd_flip

ROOT = Path(__file__).resolve().parents[2]


def pca_case(x, other, k, whiten):
    model = PCA(k, whiten=whiten, svd_solver="full").fit(x)
    # The signs that PCA has since scikit-learn 1.5: by the components, not by the rows.
    model.components_ = svd_flip(np.zeros_like(model.components_.T), model.components_, u_based_decision=False)[1]
    z = model.transform(other)
    return {
        "x": x.tolist(),
        "other": other.tolist(),
        "nComponents": k,
        "whiten": whiten,
        "components": model.components_.tolist(),
        "mean": model.mean_.tolist(),
        "explainedVariance": model.explained_variance_.tolist(),
        "explainedVarianceRatio": model.explained_variance_ratio_.tolist(),
        "singularValues": model.singular_values_.tolist(),
        "transformed": z.tolist(),
        "back": model.inverse_transform(z).tolist(),
    }


def pca():
    random = np.random.default_rng(1)
    tall = random.normal(size=(30, 5)) @ random.normal(size=(5, 5)) + [100, -3, 0, 1, 0]
    constant = np.hstack([tall, np.full((30, 1), 0.1)])
    wide = random.normal(size=(6, 10)) * np.arange(1, 11)
    line = random.normal(size=(12, 1)) @ random.normal(size=(1, 4))
    return {
        "tall": pca_case(tall, random.normal(size=(3, 5)), 5, False),
        "two of five, whitened": pca_case(tall, random.normal(size=(3, 5)), 2, True),
        "a constant feature": pca_case(constant, random.normal(size=(3, 6)), 5, False),
        "wide": pca_case(wide, random.normal(size=(4, 10)), 4, False),
        "wide, whitened": pca_case(wide, random.normal(size=(4, 10)), 5, True),
        "on a line": pca_case(line, random.normal(size=(2, 4)), 1, False),
    }


def k_means_case(x, init, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = KMeans(len(init), init=init, n_init=1, algorithm="lloyd", **options).fit(x)
    return {
        "x": x.tolist(),
        "init": init.tolist(),
        "options": {"maxIter": model.max_iter, "tol": model.tol},
        "centers": model.cluster_centers_.tolist(),
        "labels": model.labels_.tolist(),
        "inertia": model.inertia_,
        "nIter": model.n_iter_,
    }


def k_means():
    random = np.random.default_rng(2)
    spread = random.normal(size=(80, 3)) * [3, 1, 1] + 50
    blobs = np.concatenate([random.normal(size=(15, 2)) + c for c in [(0, 0), (8, 0), (0, 8), (9, 9), (20, -5)]])
    # Two rows that far apart from all are given to the clusters that have none.
    lonely = np.concatenate([random.normal(size=(20, 2)), [[30, 0]]])
    far = np.array([[0.0, 0], [0, 100]])
    cases = {
        "spread out": k_means_case(spread, spread[:6]),
        "to the end": k_means_case(spread, spread[10:14], tol=0),
        "stopped early": k_means_case(spread, spread[:6], max_iter=3),
        "blobs": k_means_case(blobs, blobs[[0, 16, 31, 46, 61]]),
        "an empty cluster": k_means_case(lonely, far),
        "one cluster": k_means_case(blobs, blobs[:1]),
        "a cluster for each row": k_means_case(blobs[:6], blobs[:6]),
    }
    seeded = KMeans(5, n_init=10, random_state=0).fit(blobs)
    return {"cases": cases, "seeded": {"x": blobs.tolist(), "k": 5, "inertia": seeded.inertia_}}


def trust():
    random = np.random.default_rng(3)
    x = random.normal(size=(60, 5))
    embeddings = {"noise": random.normal(size=(60, 2)), "projection": x[:, :2], "itself": x}
    scores = [
        {"embedding": name, "nNeighbors": k, "value": trustworthiness(x, y, n_neighbors=k)}
        for name, y in embeddings.items()
        for k in [1, 5, 12, 29]
    ]
    return {"x": x.tolist(), "embeddings": {k: y.tolist() for k, y in embeddings.items()}, "scores": scores}


def tsne():
    x, _ = load_digits(return_X_y=True)
    x = x[:150]
    model = TSNE(init="pca", learning_rate="auto", perplexity=15, random_state=0)
    y = model.fit_transform(x.astype(np.float32))
    space = TSNE(3, init="pca", learning_rate="auto", perplexity=15, random_state=0)
    y3 = space.fit_transform(x.astype(np.float32))
    few, perplexity = x[:40], 5
    distances = NearestNeighbors(n_neighbors=3 * perplexity + 1).fit(few).kneighbors_graph(mode="distance")
    distances.data **= 2
    joint = _joint_probabilities_nn(distances, perplexity, 0)
    return {
        "x": x.astype(int).tolist(),
        "perplexity": 15,
        "trustworthiness": trustworthiness(x, y),
        "klDivergence": float(model.kl_divergence_),
        "trustworthiness3d": trustworthiness(x, y3),
        "klDivergence3d": float(space.kl_divergence_),
        "joint": {"rows": 40, "perplexity": perplexity, "p": np.round(joint.toarray(), 9).tolist()},
    }


recording = {
    "sklearn": sklearn.__version__,
    "pca": pca(),
    "kMeans": k_means(),
    "trustworthiness": trust(),
    "tsne": tsne(),
}
target = ROOT / "test/recordings/analysis.json.gz"
target.write_bytes(gzip.compress(json.dumps(recording).encode(), mtime=0))
print(f"{target.name}: {target.stat().st_size // 1000} kB")
