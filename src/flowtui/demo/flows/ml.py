"""Sample flows of a machine learning team: features, training, scoring."""

from __future__ import annotations

from flowtui.demo.declarations import (
    Fault,
    Flow,
    Parameter,
    Release,
    Task,
    Trouble,
    Version,
    ago,
    cron,
    every,
)

UNAVAILABLE = Fault(
    "HTTPError",
    "503 Server Error: Service Unavailable for url: https://events.internal/v1/export",
    "/srv/flows/churn/events.py",
    71,
    "fetch_events",
    "response.raise_for_status()",
)

OUT_OF_MEMORY = Fault(
    "MemoryError",
    "Unable to allocate 11.2 GiB for an array with shape (1500000, 1000) and data type float64",
    "/srv/flows/train/fit.py",
    142,
    "fit",
    "matrix = np.concatenate(blocks)",
)

_FETCH = Task(
    "fetch_events",
    22,
    (),
    ("DEBUG GET /v1/export?since={since}", "{n} events of {regions}"),
    mapped=3,
    retries=1,
    retry_seconds=20,
    troubles=(Trouble("Failed", 0.05, UNAVAILABLE),),
)

CHURN_FEATURES = Flow(
    Version(
        "churn-features",
        "ml",
        (
            _FETCH,
            Task("sessionise", 15, ("fetch_events",), ("{n} sessions",)),
            Task("features", 21, ("sessionise",), ("batch {batch}", "{n} columns")),
            Task("write_features", 6, ("features",), ("{n} rows",)),
        ),
        (Parameter("since", "-1d"), Parameter("batch", 500), Parameter("regions", ["eu", "us"])),
        cron("10 2 * * *"),
        ("k8s", "prod"),
        "features:1.4",
        "What tells who will leave.",
    ),
    ago(days=31),
    (
        Release(ago(days=12), image="features:1.5"),
        Release(
            ago(days=8),
            (Task("drop_bots", 3, ("fetch_events",), ("{n} bots",)),),
            image="features:1.6",
        ),
        Release(ago(days=5), clocks=every(hours=12)),
        Release(ago(days=2), clocks=every(hours=4), image="features:1.7"),
        Release(
            ago(hours=8),
            (
                Task(
                    "fetch_events",
                    22,
                    (),
                    _FETCH.lines,
                    mapped=3,
                    troubles=(Trouble("Failed", 0.22, UNAVAILABLE),),
                ),
            ),
            parameters=(
                Parameter("since", "-20m"),
                Parameter("batch", 500),
                Parameter("regions", ["eu", "us"]),
            ),
            clocks=every(minutes=20),
            image="features:2.0",
        ),
    ),
)

FEATURE_STORE = Flow(
    Version(
        "feature-store",
        "ml",
        (
            Task("snapshot", 40, (), ("{n} features of {store}",)),
            Task("compare", 25, ("snapshot",), ("WARNING {n} features drifted",)),
            Task("approve", 2, ("compare",), ("approved",), trigger="manual_only"),
            Task("publish", 18, ("approve",), ("published {n}",)),
        ),
        (Parameter("store", "online"), Parameter("tolerance", 0.02)),
        labels=("k8s", "prod"),
        image="features:2.0",
        description="Features go live only after somebody has looked at them.",
    ),
    ago(days=19),
    (Release(ago(days=3), parameters=(Parameter("store", "online"),)),),
)

ML_RETRAIN = Flow(
    Version(
        "ml-retrain",
        "ml",
        (
            Task("load", 120, (), ("{n} rows, target {target}",)),
            Task(
                "fit",
                600,
                ("load",),
                ("epoch {n}", "loss 0.{n}", "DEBUG gradient norm {n}"),
                mapped=3,
                retries=1,
                tags=("gpu",),
                troubles=(Trouble("Failed", 0.06, OUT_OF_MEMORY),),
            ),
            Task("evaluate", 90, ("fit",), ("auc 0.{n}",)),
            Task("register_model", 6, ("evaluate",), ("model {n}",)),
        ),
        (
            Parameter("target", "churn"),
            Parameter("epochs", 40),
            Parameter("grid", {"depth": [4, 6, 8], "rate": [0.1, 0.03]}),
            Parameter("seed", None),
        ),
        cron("0 22 * * *", "America/Los_Angeles"),
        ("k8s", "prod"),
        "train:9.1",
        "The models, trained anew every night.",
    ),
    ago(days=44),
    (
        Release(ago(days=12), image="train:9.2"),
        Release(
            ago(days=9), (Task("evaluate", 90, ("fit",), ("auc 0.{n}", "f1 0.{n}"), timeout=900),)
        ),
        Release(ago(days=6), image="train:9.3"),
        Release(
            ago(days=2),
            (Task("explain", 30, ("fit",), ("{n} features matter",)),),
            image="train:10.0",
        ),
    ),
    locked=True,
)

ML_SCORE = Flow(
    Version(
        "ml-score",
        "ml",
        (
            Task("load_model", 9, (), ("model {model}",), cached_hours=6),
            Task("score", 20, ("load_model",), ("{n} customers",), mapped=3),
            Task("store_scores", 5, ("score",), ("{n} rows",)),
        ),
        (Parameter("model", "latest"), Parameter("threshold", 0.5)),
        every(hours=12),
        ("k8s", "prod"),
        "score:3.3",
        "Who is about to leave, by now.",
    ),
    ago(days=24),
    (Release(ago(days=4), clocks=every(hours=6)), Release(ago(hours=8), clocks=every(hours=1))),
)

GPU_EMBEDDINGS = Flow(
    Version(
        "gpu-embeddings",
        "ml",
        (
            Task("tokenise", 50, (), ("{n} documents",)),
            Task("embed", 240, ("tokenise",), ("batch {n}",), tags=("gpu",)),
        ),
        (Parameter("model", "small"),),
        labels=("gpu", "prod"),
        description="Needs a graphics card.",
    ),
    ago(days=11),
    switched_off=("heartbeat",),
)

SESSIONIZE = Flow(
    Version(
        "sessionize",
        "ml",
        (
            Task("read", 9, (), ("{n} events",)),
            Task("group", 14, ("read",), ("gap {gap}",)),
            Task("write", 6, ("group",), ("{n} sessions",)),
        ),
        (Parameter("gap", "30m"),),
        every(hours=12),
        ("prod",),
        description="Clicks into visits.",
    ),
    ago(days=8),
    (Release(ago(hours=4), clocks=every(minutes=20)),),
)

FLOWS = (
    CHURN_FEATURES,
    FEATURE_STORE,
    ML_RETRAIN,
    ML_SCORE,
    GPU_EMBEDDINGS,
    SESSIONIZE,
)
