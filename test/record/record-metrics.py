"""Records what scikit-learn's metrics make of small cases, for test/metrics/sklearn.test.ts.

    python3 test/record/record-metrics.py
"""

import gzip
import json
import re
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.preprocessing import label_binarize

ROOT = Path(__file__).resolve().parents[2]
random = np.random.default_rng(7)


def guesses(labels, classes, right):
    """Predictions that are right with a probability."""
    other = random.integers(0, classes, len(labels))
    return np.where(random.random(len(labels)) < right, labels, other)


def class_cases():
    many = random.integers(0, 4, 60)
    skewed = random.choice(3, 60, p=[0.85, 0.1, 0.05])
    two = (random.random(50) < 0.3).astype(int)
    zeros, ones = np.zeros(6, int), np.ones(6, int)
    mixed = np.array([0, 1, 0, 0, 1, 1])
    return {
        "four classes": (guesses(many, 4, 0.6), many),
        "imbalanced": (guesses(skewed, 3, 0.5), skewed),
        "only the frequent class is predicted": (np.zeros_like(skewed), skewed),
        "two classes": (guesses(two, 2, 0.6), two),
        "nothing predicted": (zeros, mixed),
        "nothing to be found": (mixed, zeros),
        "neither": (zeros, zeros),
        "all": (ones, ones),
        "all wrong": (1 - mixed, mixed),
        "a class never predicted": (np.array([0, 0, 2, 2, 0]), np.array([0, 1, 2, 1, 0])),
        "a class that is not there": (np.array([0, 1, 3, 3]), np.array([0, 1, 1, 0])),
        "ties of rounding": (np.array([0] * 5 + [1] * 3 + [1] * 8), np.array([0] * 8 + [1] * 8)),
        "a single example": (np.array([1]), np.array([1])),
    }


def ratios(predicted, true, **options):
    return [
        np.asarray(f(true, predicted, **options)).tolist()
        for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)
    ]


def report(*arguments, **options):
    """The table, with counts as whole numbers: scikit-learn writes 3.0 where no prediction is right."""
    text = metrics.classification_report(*arguments, **options)
    return re.sub(r"(\d+)\.0$", r"  \1", text, flags=re.MULTILINE)


def classification():
    cases = []
    for name, (predicted, labels) in class_cases().items():
        classes = int(max(predicted.max(), labels.max())) + 1
        every = list(range(classes))
        averages = []
        for zero in (0, 1):
            options = {"zero_division": zero}
            for average in ["binary"] if classes <= 2 else []:
                for pos in (0, 1) if classes == 2 and len({*predicted, *labels}) == 2 else (1,):
                    values = ratios(predicted, labels, average=average, pos_label=pos, **options)
                    averages.append({"average": average, "zeroDivision": zero, "posLabel": pos, "values": values})
            values = ratios(predicted, labels, average=None, labels=every, **options)
            averages.append({"average": "none", "zeroDivision": zero, "values": values})
            for chosen in (None, [0], [classes - 1, 0] if classes > 1 else [0], [0, classes], [classes]):
                for average in ("micro", "macro", "weighted"):
                    values = ratios(predicted, labels, average=average, labels=chosen, **options)
                    case = {"average": average, "zeroDivision": zero, "values": values}
                    averages.append({**case, **({} if chosen is None else {"labels": chosen})})
        adjusted = len(set(labels)) > 1
        cases.append(
            {
                "name": name,
                "predicted": predicted.tolist(),
                "labels": labels.tolist(),
                "accuracy": metrics.accuracy_score(labels, predicted),
                "balanced": metrics.balanced_accuracy_score(labels, predicted),
                "adjusted": metrics.balanced_accuracy_score(labels, predicted, adjusted=True) if adjusted else None,
                "averages": averages,
                "confusion": {
                    str(normalize): metrics.confusion_matrix(
                        labels, predicted, labels=every, normalize=normalize
                    ).tolist()
                    for normalize in (None, "true", "pred", "all")
                },
                "reversed": metrics.confusion_matrix(labels, predicted, labels=every[::-1]).tolist(),
                "reports": [
                    {
                        "options": {"digits": digits, "zeroDivision": zero, **({"labels": chosen} if chosen else {})},
                        "text": report(
                            labels, predicted, digits=digits, zero_division=zero, labels=chosen
                        ),
                    }
                    for digits, zero, chosen in ((2, 0, None), (4, 1, None), (2, 0, [0]), (3, 1, [0, classes]))
                ],
            }
        )
    return cases


def score_cases():
    labels = (random.random(60) < 0.35).astype(int)
    scores = random.normal(size=60) + labels
    rare = np.array([1] * 3 + [0] * 47)
    return {
        "scores": (scores, labels),
        "ties": (np.round(scores), labels),
        "one value": (np.full(10, 0.5), np.array([0, 1] * 5)),
        "perfect": (np.array([0.9, 0.8, 0.2, 0.1]), np.array([1, 1, 0, 0])),
        "wrong": (np.array([0.9, 0.8, 0.2, 0.1]), np.array([0, 0, 1, 1])),
        "rare": (np.round(random.random(50) + 0.3 * rare, 1), rare),
        "two": (np.array([0.2, 0.7]), np.array([0, 1])),
        "signs of zero": (np.array([0.0, -0.0, 1.0, -1.0]), np.array([1, 0, 1, 0])),
    }


def ranking():
    cases = []
    for name, (scores, labels) in score_cases().items():
        curve = lambda drop: [c.tolist()[i:] for c, i in zip(metrics.roc_curve(labels, scores, drop_intermediate=drop), (0, 0, 1))]
        cases.append(
            {
                "name": name,
                "scores": scores.tolist(),
                "labels": labels.tolist(),
                "rocAuc": metrics.roc_auc_score(labels, scores),
                "averagePrecision": metrics.average_precision_score(labels, scores),
                # Without the first threshold: it changed from version to version.
                "rocCurve": curve(True),
                "rocCurveWhole": curve(False),
                "precisionRecallCurve": [c.tolist() for c in metrics.precision_recall_curve(labels, scores)],
            }
        )
    return cases


def multiclass():
    cases = []
    for name, classes, digits in (("probabilities", 5, None), ("ties", 3, 1)):
        labels = np.concatenate([np.arange(classes), random.choice(classes, 50, p=np.arange(1, classes + 1) / sum(range(classes + 1)))])
        logits = random.normal(size=(len(labels), classes)) + 1.5 * np.eye(classes)[labels]
        scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        if digits is not None:
            scores = np.round(scores, digits)
            scores[:, -1] = 1 - scores[:, :-1].sum(1)
        binary = label_binarize(labels, classes=range(classes))
        each = lambda f, **o: {str(a): np.asarray(f(average=a, **o)).tolist() for a in ("macro", "weighted", None)}
        ap = lambda average: metrics.average_precision_score(binary, scores, average=average)
        auc = lambda average: metrics.roc_auc_score(labels, scores, multi_class="ovr", average=average)
        ovo = lambda average: metrics.roc_auc_score(labels, scores, multi_class="ovo", average=average)
        cases.append(
            {
                "name": name,
                "scores": scores.tolist(),
                "labels": labels.tolist(),
                "ovr": each(auc),
                "ovo": {a: ovo(a) for a in ("macro", "weighted")},
                "averagePrecision": each(ap),
            }
        )
    return cases


def top_k():
    labels = random.integers(0, 6, 40)
    scores = random.normal(size=(40, 6)) + np.eye(6)[labels]
    of = lambda k: metrics.top_k_accuracy_score(labels, scores, k=k, labels=range(6))
    return {"scores": scores.tolist(), "labels": labels.tolist(), "shares": [of(k) for k in range(1, 7)]}


def regression():
    y = random.normal(size=40)
    rows = random.normal(size=(25, 3)) * [1, 10, 0.1]
    constant = np.column_stack([rows[:, 0], np.full(25, 2.0), np.full(25, 3.0)])
    near = np.column_stack([rows[:, 0] + 0.1, np.full(25, 2.0), rows[:, 2]])
    cases = {
        "numbers": (y + random.normal(size=40) * 0.3, y),
        "worse than the mean": (-y, y),
        "a large offset": (y + 1e6 + 0.5, y + 1e6),
        "perfect": (y, y),
        "constant and met": (np.full(5, 2.0), np.full(5, 2.0)),
        "constant and missed": (np.arange(5.0), np.full(5, 2.0)),
        "several outputs": (rows + random.normal(size=rows.shape), rows),
        "some outputs constant": (near, constant),
        "all outputs constant": (near[:, 1:], constant[:, 1:]),
    }
    out = []
    for name, (predictions, targets) in cases.items():
        case = {"name": name, "predictions": predictions.tolist(), "targets": targets.tolist()}
        for key, f in (
            ("meanSquaredError", metrics.mean_squared_error),
            ("meanAbsoluteError", metrics.mean_absolute_error),
            ("r2", metrics.r2_score),
        ):
            kinds = ["uniform_average", "raw_values"] + (["variance_weighted"] if key == "r2" else [])
            case[key] = {kind: np.asarray(f(targets, predictions, multioutput=kind)).tolist() for kind in kinds}
        out.append(case)
    return out


def weighted():
    """Examples that count differently, one label of which is not counted at all."""
    cases = []
    for name, classes in (("two classes", 2), ("four classes", 4)):
        labels = random.integers(0, classes, 40)
        predicted = guesses(labels, classes, 0.6)
        scores = random.normal(size=(40, classes)) + np.eye(classes)[labels]
        weights = np.where(random.random(40) < 0.2, 0, random.random(40) * 3)
        ignored = random.random(40) < 0.25
        kept, w = ~ignored, weights[~ignored]
        true, guess = labels[kept], predicted[kept]
        score = lambda f, average: np.asarray(f(true, guess, average=average, sample_weight=w)).tolist()
        cases.append(
            {
                "name": name,
                "labels": np.where(ignored, -100, labels).tolist(),
                "predicted": predicted.tolist(),
                "scores": scores.tolist(),
                "weights": weights.tolist(),
                "accuracy": metrics.accuracy_score(true, guess, sample_weight=w),
                "balanced": metrics.balanced_accuracy_score(true, guess, sample_weight=w),
                "topK": metrics.top_k_accuracy_score(
                    true,
                    scores[kept],
                    k=2,
                    sample_weight=w,
                    labels=range(classes),
                )
                if classes > 2
                else None,
                "confusion": metrics.confusion_matrix(true, guess, sample_weight=w).tolist(),
                "averages": {
                    average: [
                        score(f, None if average == "none" else average)
                        for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)
                    ]
                    for average in ("micro", "macro", "weighted", "none")
                },
            }
        )
    truth, guess = (random.random((2, 30, 4)) < [0.5, 0.3, 0.1, 0]).astype(int)
    w = random.random(30)
    multilabel = {
        "labels": truth.tolist(),
        "predicted": guess.tolist(),
        "weights": w.tolist(),
        "accuracy": metrics.accuracy_score(truth, guess, sample_weight=w),
        "averages": {
            average: [
                np.asarray(
                    f(truth, guess, average=None if average == "none" else average, sample_weight=w)
                ).tolist()
                for f in (metrics.precision_score, metrics.recall_score, metrics.f1_score)
            ]
            for average in ("micro", "macro", "weighted", "none")
        },
    }
    positive = (random.random(40) < 0.4).astype(int)
    ranks, v = np.round(random.normal(size=40) + positive, 1), np.where(random.random(40) < 0.2, 0, random.random(40))
    classes = random.integers(0, 3, 40)
    chances = random.random((40, 3)) + np.eye(3)[classes]
    chances /= chances.sum(axis=1, keepdims=True)
    fpr, tpr, _ = metrics.roc_curve(positive, ranks, sample_weight=v, drop_intermediate=False)
    ranking = {
        "labels": positive.tolist(),
        "scores": ranks.tolist(),
        "weights": v.tolist(),
        "rocAuc": metrics.roc_auc_score(positive, ranks, sample_weight=v),
        "averagePrecision": metrics.average_precision_score(positive, ranks, sample_weight=v),
        "rocCurve": [fpr.tolist(), tpr.tolist()],
        "classes": classes.tolist(),
        "chances": chances.tolist(),
        "ovr": {
            a: metrics.roc_auc_score(classes, chances, multi_class="ovr", average=a, sample_weight=v)
            for a in ("macro", "weighted")
        },
    }
    rows = random.normal(size=(25, 3))
    near, w = rows + random.normal(size=rows.shape) * 0.3, random.random(25)
    regression = {"predictions": near.tolist(), "targets": rows.tolist(), "weights": w.tolist()}
    for key, f in (
        ("meanSquaredError", metrics.mean_squared_error),
        ("meanAbsoluteError", metrics.mean_absolute_error),
        ("r2", metrics.r2_score),
    ):
        regression[key] = f(rows, near, sample_weight=w)
    return {"classification": cases, "multilabel": multilabel, "ranking": ranking, "regression": regression}


def main():
    warnings.simplefilter("ignore")
    recording = {
        "sklearn": sklearn.__version__,
        "classification": classification(),
        "ranking": ranking(),
        "multiclass": multiclass(),
        "topK": top_k(),
        "regression": regression(),
        "weighted": weighted(),
    }
    content = json.dumps(recording).encode()
    (ROOT / "test/recordings/metrics.json.gz").write_bytes(gzip.compress(content, mtime=0))


main()
