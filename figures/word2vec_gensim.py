"""Trains word2vec with gensim as `myelin train words` does: the counterpart of its figure.

    python3 figures/word2vec_gensim.py --data DIR --corpus war-and-peace+wikitext-2 --models skip-gram,cbow \
        --pairs EN-WS-353-ALL.txt --questions questions-words.txt.gz --dim 100 --window 5 --epochs 10 --min-count 5 \
        --seed 0 --out DIR

Words, sentences, and the scores are those of the recipe: Spearman's rank correlation over the pairs whose words both have
vectors, and the share of right answers (3CosAdd) among the questions whose words all have vectors. Both sides draw
windows, thin out frequent words, and take noise as in Mikolov et al. 2013, arXiv:1310.4546. gensim trains on one thread,
because only then does its result depend on nothing but the seed. Text files may be gzipped.

OUT gets config.json and at the end result.json, with the same names as the recipe's: `similarity skip-gram`,
`analogies skip-gram`, and the like for CBOW, beside the size of the text (`words`, `vocabulary`).
"""

import argparse
import gzip
import json
import os
import re
import sys
import time
import unicodedata
from pathlib import Path

import gensim
import numpy as np
from gensim.models import Word2Vec
from scipy.stats import spearmanr

NAMES = {"skip-gram": "skip-gram", "cbow": "CBOW"}
NOVEL = ["warandpeace.txt", "2600-0.txt", "pg2600.txt"]
FOLDERS = ["", "corpora", "war-and-peace", "wikitext-2", "WikiText2", "wikitext-2-v1"]
# What JavaScript's \s matches.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SENTENCE = re.compile(rf"[.!?]+[{BLANKS}]|\n[{BLANKS}]*\n")
# Over the classes of characters: L letters, M marks, N numbers, S blanks, O others.
WORD = re.compile("['’]?L[LM'’]*|N+(?:[.,]N+)*|[^SLN]+")


def read(data, names):
    """The text of the first of these files that's there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "myelin"
    roots = [data] if data else [os.environ.get("MYELIN_DATA"), cache]
    for folder in (Path(root) / below for root in roots if root for below in FOLDERS):
        for path in (folder / f"{name}{ending}" for name in names for ending in ("", ".gz")):
            if path.exists():
                return text_of(path)
    return None


def text_of(path):
    data = Path(path).read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")


def needed(data, names):
    text = read(data, names)
    if text is None:
        sys.exit(f"{' or '.join(names)} wasn't found; --data or MYELIN_DATA names its folder")
    return text


def corpus_of(name, data):
    parts = []
    for part in name.split("+"):
        if part == "war-and-peace":
            parts.append(needed(data, NOVEL))
        else:
            split = {s: [f"wiki.{s}.tokens", f"wikitext-2.{s}.txt"] for s in ("train", "valid", "test")}
            train = read(data, split["train"]) or ""
            parts.append(train + needed(data, split["valid"]) + needed(data, split["test"]))
    return "\n\n".join(parts)


def class_of(char):
    if char in "'’.,":
        return char
    if re.match(f"[{BLANKS}]", char):
        return "S"
    kind = unicodedata.category(char)[0]
    return kind if kind in "LMN" else "O"


def sentences_of(text):
    """The recipe's sentences: words with a letter, in lower case; at least two of them."""
    classes = {ord(char): class_of(char) for char in set(text.lower())}
    sentences = []
    for sentence in SENTENCE.split(text):
        lower = sentence.lower()
        spans = (match.span() for match in WORD.finditer(lower.translate(classes)))
        words = [lower[a:b] for a, b in spans if any(classes[ord(char)] == "L" for char in lower[a:b])]
        if len(words) > 1:
            sentences.append(words)
    return sentences


def similarity(vectors, path):
    rows = [re.split(r"[\t,]|(?<!,) +", line.strip()) for line in text_of(path).splitlines() if line.strip()]
    people, cosines = [], []
    for a, b, score in (row[:3] for row in rows):
        a, b = a.lower(), b.lower()
        if a in vectors and b in vectors:
            people.append(float(score))
            cosines.append(vectors.similarity(a, b))
    return float(spearmanr(people, cosines)[0])


def analogies(vectors, path):
    lines = (line.lower().split() for line in text_of(path).splitlines() if not line.startswith(":"))
    asked = [line for line in lines if line and all(word in vectors for word in line)]
    index = np.array([[vectors.key_to_index[word] for word in line] for line in asked])
    unit = vectors.get_normed_vectors()
    right = 0
    for batch in np.array_split(index, max(1, len(index) // 512)):
        a, b, c, answer = batch.T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        np.put_along_axis(scores, batch[:, :3], -np.inf, 1)
        right += (scores.argmax(1) == answer).sum()
    return float(right / len(index))


def write(path, value):
    path.with_suffix(".tmp").write_text(json.dumps(value, indent=2) + "\n")
    os.replace(path.with_suffix(".tmp"), path)


def models_of(text):
    names = text.split(",")
    if not all(name in NAMES for name in names):
        raise argparse.ArgumentTypeError(f"takes {','.join(NAMES)} or one of them")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="folder of the texts (default: MYELIN_DATA, the cache)")
    known = ["war-and-peace", "wikitext-2", "war-and-peace+wikitext-2"]
    parser.add_argument("--corpus", choices=known, default="war-and-peace", help="text to learn")
    parser.add_argument("--models", type=models_of, default=list(NAMES), help="skip-gram,cbow or one of them")
    parser.add_argument("--pairs", help="scored pairs of words, such as WordSim-353")
    parser.add_argument("--questions", help="analogy questions, such as Google's")
    parser.add_argument("--dim", type=int, default=100, help="numbers in a vector (default 100)")
    parser.add_argument("--window", type=int, default=5, help="words before and after that count (default 5)")
    parser.add_argument("--epochs", type=int, default=10, help="times through the text (default 10)")
    parser.add_argument("--min-count", type=int, default=5, help="how often a word must occur (default 5)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default 0)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the results")
    args = parser.parse_args()

    sentences = sentences_of(corpus_of(args.corpus, args.data))
    args.out.mkdir(parents=True, exist_ok=True)
    config = {
        "corpus": args.corpus,
        "models": ",".join(args.models),
        "pairs": args.pairs or "",
        "questions": args.questions or "",
        "dim": args.dim,
        "window": args.window,
        "epochs": args.epochs,
        "minCount": args.min_count,
        "seed": args.seed,
        "gensim": gensim.__version__,
    }
    write(args.out / "config.json", config)
    result = {}
    for name in args.models:
        start = time.time()
        model = Word2Vec(
            sentences,
            sg=int(name == "skip-gram"),
            vector_size=args.dim,
            window=args.window,
            epochs=args.epochs,
            min_count=args.min_count,
            seed=args.seed + 1,
            negative=5,
            sample=1e-3,
            alpha=0.025,
            min_alpha=0.025e-4,
            workers=1,
        )
        vectors = model.wv
        result |= {"words": int(sum(vectors.get_vecattr(word, "count") for word in vectors.index_to_key))}
        result |= {"vocabulary": len(vectors), f"seconds {NAMES[name]}": time.time() - start}
        if args.pairs:
            result[f"similarity {NAMES[name]}"] = similarity(vectors, args.pairs)
        if args.questions:
            result[f"analogies {NAMES[name]}"] = analogies(vectors, args.questions)
    write(args.out / "result.json", result)
    print(", ".join(f"{key} {value:.4g}" for key, value in result.items()))


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
