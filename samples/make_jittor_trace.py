#!/usr/bin/env python3
"""Write a trace of a model that runs in Jittor, for nnviz-c to draw.

    python3 -m pip install jittor
    python3 make_jittor_trace.py                    # resnet18.pkl
    python3 make_jittor_trace.py --train            # resnet18_train.pkl
    python3 make_jittor_trace.py --model vgg11      # any of jittor.models
    nnviz-c resnet18.pkl -d 2 -o resnet18.pdf

What matters is in trace(): build *and* run the model inside the flag scope,
because parameters get their shapes where they are made. The model is held in
a local variable: its name is what the trace calls the root module.
"""
import argparse
import pickle

import jittor as jt
import numpy as np
from jittor import models


def trace(build, shape, train):
    """What Jittor recorded while the model was built and run once."""
    # 2 records the module that each variable was computed in; 3 would record
    # raw Python frames instead, which say less about the network.
    with jt.flag_scope(trace_py_var=2):
        model = build()
        batch = jt.float32(np.random.rand(*shape))
        if train:
            optimizer = jt.optim.SGD(model.parameters(), 0.1)
            prediction = model(batch)
            optimizer.step(prediction ** 2)
            jt.sync_all()
        else:
            model.eval()
            prediction = model(batch)
            prediction.sync()
        data = jt.dump_trace_data()
        # What is not cleared here would be in the next dump as well.
        jt.clear_trace_data()
    return data


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="resnet18",
                        help="a function of jittor.models (resnet18)")
    parser.add_argument("--shape", default="2,3,224,224",
                        help="of the batch (2,3,224,224)")
    parser.add_argument("--train", action="store_true",
                        help="trace a training step, not an inference")
    parser.add_argument("-o", "--out", help="where to (MODEL.pkl)")
    args = parser.parse_args()

    shape = [int(n) for n in args.shape.split(",")]
    data = trace(getattr(models, args.model), shape, args.train)
    suffix = "_train.pkl" if args.train else ".pkl"
    with open(args.out or args.model + suffix, "wb") as out:
        pickle.dump(data, out)


if __name__ == "__main__":
    main()
