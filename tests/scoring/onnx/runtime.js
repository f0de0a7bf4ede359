// ONNX Runtime on a model: node runtime.js ROOT MODEL FEEDS. FEEDS is JSON: {"name": [values, null = missing]} of one column
// each, or of several: {"name": [[values of a row]]}; prints {"output": [values]} of all rows, row by row.
const fs = require('fs');
const [, , root, model, feeds] = process.argv;
const ort = require(root + '/node_modules/onnxruntime-node');

(async () => {
    const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const inputs = {};
    for (const [name, rows] of Object.entries(JSON.parse(fs.readFileSync(feeds, 'utf8')))) {
        const values = rows.flat();
        const shape = [rows.length, values.length / rows.length];
        const isText = values.some((value) => typeof value === 'string');
        inputs[name] = isText
            ? new ort.Tensor('string', values.map((value) => value ?? ''), shape)
            : new ort.Tensor('float32', Float32Array.from(values, (value) => value ?? NaN), shape);
    }
    const outputs = await session.run(inputs);
    const result = {};
    for (const [name, tensor] of Object.entries(outputs))
        result[name] = Array.from(tensor.data, (value) => (typeof value === 'bigint' ? Number(value) : value));
    console.log(JSON.stringify(result));
})().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
