"""Boosted trees beside XGBoost and ONNX Runtime: a group of scoring.py, and the large forest it loads.

The same trees for all: trained with Debian's python3-xgboost, written as ONNX with protobuf-compiler; ONNX Runtime comes with the
development parts of package.json.
"""

import json
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's XGBoost
FEATURES = 28

PEER_XGBOOST = """
import sys, time, numpy as np, xgboost as xgb
model = xgb.Booster(model_file=sys.argv[1]); model.set_param({"nthread": 1})
x = np.fromfile(sys.argv[2], np.float32).reshape(-1, int(sys.argv[4]))
cpu = wall = 1e300
for _ in range(int(sys.argv[3])):
    start = time.process_time(), time.perf_counter()
    y = model.inplace_predict(x, predict_type="margin")
    cpu, wall = min(cpu, time.process_time() - start[0]), min(wall, time.perf_counter() - start[1])
print(cpu * 1e9 / len(x), wall * 1e9 / len(x), float(y.astype(np.float64).sum()))
"""

PEER_ONNX = """
const ort = require(process.argv[1] + '/node_modules/onnxruntime-node');
const fs = require('fs');
(async () => {
    const session = await ort.InferenceSession.create(process.argv[2], {intraOpNumThreads: 1, interOpNumThreads: 1});
    const bytes = fs.readFileSync(process.argv[3]);
    const cells = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const width = Number(process.argv[5]);
    const x = new ort.Tensor('float32', cells, [cells.length / width, width]);
    let cpu = Infinity, wall = Infinity, sum = 0;
    for (let i = 0; i < Number(process.argv[4]); ++i) {
        const start = process.hrtime.bigint(), used = process.cpuUsage();
        const y = (await session.run({x})).y.data;
        const more = process.cpuUsage(used);
        wall = Math.min(wall, Number(process.hrtime.bigint() - start));
        cpu = Math.min(cpu, 1000 * (more.user + more.system));
        sum = 0;
        for (const value of y) sum += value;
    }
    console.log(cpu / (cells.length / width), wall / (cells.length / width), sum);
})();
"""

TRAIN = """
import sys, numpy as np, xgboost as xgb
rounds, depth, rows, features = map(int, sys.argv[3:7])
random = np.random.RandomState(1)
x = random.normal(size=(max(rows, 20000), features)).astype(np.float32)
y = (np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + np.abs(x[:, 3:9]).sum(axis=1) + random.normal(0, .5, len(x)) > 5).astype(float)
model = xgb.train({"objective": "binary:logistic", "max_depth": depth, "eta": .1, "nthread": 2, "min_child_weight": 0,
                   "tree_method": "hist"}, xgb.DMatrix(x[:20000], y[:20000]), rounds)
model.save_model(sys.argv[1])
x[:rows].tofile(sys.argv[2])
"""

def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr.strip()[-400:]}")
    return done.stdout.split()


def write_onnx(model, path):
    """The same trees as a TreeEnsembleRegressor whose one target is the margin."""
    learner = json.load(open(model))["learner"]
    lists = {name: [] for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids",
                                   "missing_value_tracks_true")}
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(learner["gradient_booster"]["model"]["trees"]):
        for node, left in enumerate(tree["left_children"]):
            leaf = left < 0
            lists["treeids"].append(number)
            lists["nodeids"].append(node)
            lists["featureids"].append(0 if leaf else tree["split_indices"][node])
            lists["values"].append(0.0 if leaf else tree["split_conditions"][node])
            lists["modes"].append("LEAF" if leaf else "BRANCH_LT")
            lists["truenodeids"].append(0 if leaf else left)
            lists["falsenodeids"].append(0 if leaf else tree["right_children"][node])
            lists["missing_value_tracks_true"].append(int(bool(tree["default_left"][node])) if not leaf else 0)
            if leaf:
                for name, value in zip(leaves, (number, node, 0, tree["split_conditions"][node])):
                    leaves[name].append(value)

    def attribute(name, values):
        kind = {int: ("ints", "INTS"), float: ("floats", "FLOATS"), str: ("strings", "STRINGS")}[type(values[0])]
        cells = " ".join(f'{kind[0]}: {json.dumps(value)}' for value in values)
        return f'attribute {{ name: "{name}" type: {kind[1]} {cells} }}'

    attributes = [attribute("nodes_" + name, values) for name, values in lists.items()]
    attributes += [attribute("target_" + name, [float(v) for v in values] if name == "weights" else values)
                   for name, values in leaves.items()]
    attributes.append('attribute { name: "n_targets" type: INT i: 1 }')
    text = f"""ir_version: 7 graph {{ name: "g"
        node {{ op_type: "TreeEnsembleRegressor" domain: "ai.onnx.ml" input: "x" output: "y" {' '.join(attributes)} }}
        input {{ name: "x" type {{ tensor_type {{ elem_type: 1 shape {{ dim {{ dim_param: "n" }} dim {{ dim_value: {FEATURES} }} }} }} }} }}
        output {{ name: "y" }} }} opset_import {{ domain: "" version: 12 }} opset_import {{ domain: "ai.onnx.ml" version: 1 }}"""
    with open(path, "wb") as out:
        subprocess.run(["protoc", "--encode=onnx.ModelProto", "-I/usr/include/onnx", "/usr/include/onnx/onnx.proto"],
                       input=text.encode(), stdout=out, check=True)


def trees_group(bench):
    options, folder = bench.options, bench.folder
    rows_scored = max(options.rows // 10, 2000)
    runtime = (SOURCE / "node_modules" / "onnxruntime-node").exists()
    print("\n### Boosted trees, 28 features, one thread: ns for each row and tree"
          "\n\n| | Slipway, CPU | wall | XGBoost, CPU | wall | ONNX Runtime, CPU | wall |\n|---|---|---|---|---|---|---|")
    if not runtime:
        print("(ONNX Runtime is not installed: npm ci)")
    for rounds, depth in ((100, 6), (500, 6), (500, 8)):
        model, rows, onnx = folder / f"{rounds}.json", folder / f"{rounds}.f32", folder / f"{rounds}.onnx"
        run(PYTHON, "-c", TRAIN, model, rows, rounds, depth, rows_scored, FEATURES)
        commands = [(bench.tool("bench_trees"), model, rows, 3), (PYTHON, "-c", PEER_XGBOOST, model, rows, 3, FEATURES)]
        if runtime:
            write_onnx(model, onnx)
            commands.append(("node", "-e", PEER_ONNX, SOURCE, onnx, rows, 3, FEATURES))
        best = [[1e300, 1e300] for _ in commands]
        sums = [0.0] * len(commands)
        for _ in range(options.rounds):
            for i, command in enumerate(commands):
                *times, sums[i] = map(float, run(*command)[:3])
                best[i] = [min(old, new / rounds) for old, new in zip(best[i], times)]
        if max(sums) - min(sums) > 1e-3 * (1 + abs(sums[0])):
            sys.exit(f"the candidates do not agree: {sums}")
        cells = " | ".join(f"{time:.1f}" for times in best for time in times)
        print(f"| {rounds} trees, depth {depth} | {cells} |", flush=True)
        for name, times in zip(("XGBoost", "ONNX Runtime"), best[1:]):
            bench.aims.add(f"{rounds} trees of depth {depth} ÷ {name}", "≥ 2.5 ×" if (rounds, depth) == (500, 6) else "",
                           *(theirs / ours for theirs, ours in zip(times, best[0])))


def forest_file(path, size):
    """A forest in PMML of about so many bytes: a thousand full trees or fewer, as scikit-learn's exporters write them."""
    fields = [f"x{i}" for i in range(FEATURES)]
    state = 1

    def random(below):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    def node(depth, number):
        score = f'id="{number}" score="{random(10**9) / 1e9}" recordCount="{random(1000)}"'
        if depth == 0:
            return number + 1, f"<Node {score}>{{}}</Node>"
        field, threshold = fields[random(FEATURES)], random(10**9) / 1e8
        following, left = node(depth - 1, number + 1)
        following, right = node(depth - 1, following)
        split = f'<SimplePredicate field="{field}" operator="{{}}" value="{threshold}"/>'
        return following, (f"<Node {score}>{{}}" + left.replace("{}", split.format("lessOrEqual"), 1)
                           + right.replace("{}", split.format("greaterThan"), 1) + "</Node>")

    schema = "<MiningSchema>" + "".join(f'<MiningField name="{name}"/>' for name in fields)
    trees = []
    written = 0
    while written < size:
        trees.append(f'<Segment id="{len(trees) + 1}"><True/><TreeModel functionName="regression" '
                     f'splitCharacteristic="binarySplit">{schema}</MiningSchema>{node(9, 1)[1].replace("{}", "<True/>", 1)}'
                     "</TreeModel></Segment>")
        written += len(trees[-1])
    dictionary = "".join(f'<DataField name="{name}" optype="continuous" dataType="double"/>' for name in fields)
    path.write_text(f"""<?xml version="1.0"?><PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4.1"><Header/>
<DataDictionary>{dictionary}<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
<MiningModel functionName="regression">{schema}<MiningField name="y" usageType="target"/></MiningSchema>
<Segmentation multipleModelMethod="average">{''.join(trees)}</Segmentation></MiningModel></PMML>""")
