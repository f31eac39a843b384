"""Gradient and Hessian-vector product (double backward) of a dense float64 network with cross-entropy in PyTorch; prints
seconds of each."""
import json
import sys
import time

import torch
from torch import nn

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.manual_seed(0)
layers = []
for i, (a, b) in enumerate(zip(config["sizes"], config["sizes"][1:])):
    if i > 0:
        layers.append(nn.Tanh())
    layers.append(nn.Linear(a, b, dtype=torch.float64))
net = nn.Sequential(*layers)
parameters = list(net.parameters())
x = torch.randn(config["samples"], config["sizes"][0], dtype=torch.float64)
y = torch.randint(config["sizes"][-1], (config["samples"],))
v = [torch.randn_like(p) for p in parameters]


def gradient():
    torch.autograd.grad(nn.functional.cross_entropy(net(x), y), parameters)


def product():
    loss = nn.functional.cross_entropy(net(x), y)
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    torch.autograd.grad(slopes, parameters, v)


times = []
for step in (gradient, product):
    step()
    found = []
    for _ in range(config["rounds"]):
        start = time.perf_counter()
        step()
        found.append(time.perf_counter() - start)
    times.append(sorted(found)[len(found) // 2])
print(json.dumps(times))
