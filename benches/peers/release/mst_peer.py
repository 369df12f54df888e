"""smartnoise-synth's MST on columns that are categories already.

    python3 mst_peer.py IN.csv SCHEMA.json OUT.csv EPSILON DELTA

It takes the categories from the data and spends nothing on them, which is to its advantage and not
private. Prints the seconds of the processor and the peak memory as JSON; reading and writing count,
importing does not.
"""

import json
import resource
import sys
import time

import numpy
import pandas
from snsynth import Synthesizer


def main():
    rows, schema, out, epsilon, delta = sys.argv[1:]
    start = time.process_time()
    frame = pandas.read_csv(rows, dtype=str, keep_default_na=False)
    columns = json.load(open(schema, encoding="utf-8"))["columns"]
    names = [column["name"] for column in columns]
    codes = pandas.DataFrame({
        column["name"]: pandas.Categorical(frame[column["name"]],
                                           categories=["", *column["categories"]]).codes
        for column in columns}).astype(numpy.int64)
    synthesizer = Synthesizer.create("mst", epsilon=float(epsilon), delta=float(delta))
    synthesizer.fit(codes, categorical_columns=names, preprocessor_eps=0.0)
    made = synthesizer.sample(len(codes))
    words = {column["name"]: numpy.array(["", *column["categories"]], dtype=object)
             for column in columns}
    for name in names:
        made[name] = words[name][made[name].astype(int)]
    made[names].to_csv(out, index=False)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"peer": "smartnoise-synth MST", "cpu_seconds": time.process_time() - start,
                      "peak_rss_mib": used.ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
