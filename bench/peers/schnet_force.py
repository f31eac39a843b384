"""Gradient of a force-matching loss through a SchNet-like network in PyTorch; prints seconds per gradient."""
import json
import sys
import time

import torch
import torch.nn.functional as F

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.manual_seed(0)
width, nodes, edges, basis, blocks = (config[k] for k in ("width", "nodes", "edges", "basis", "blocks"))


def weight(*shape):
    return (torch.randn(*shape) * shape[0] ** -0.5).requires_grad_()


def zeros(n):
    return torch.zeros(n, requires_grad=True)


def ssp(x):
    return F.softplus(x) - 0.6931471805599453


embedding = weight(1, width)
params = [embedding]
net = []
for _ in range(blocks):
    block = [weight(basis, width), zeros(width), weight(width, width), zeros(width), weight(width, width)]
    block += [weight(width, width), zeros(width), weight(width, width), zeros(width)]
    net.append(block)
    params += block
head = [weight(width, width // 2), zeros(width // 2), weight(width // 2, 1)]
params += head
source = torch.tensor(config["source"])
target = torch.tensor(config["target"])
positions = torch.tensor(config["positions"]).reshape(nodes, 3).requires_grad_()
wanted = torch.zeros(nodes, 3)
centres = torch.linspace(0, config["cutoff"], basis)
gamma = 0.5 / (config["cutoff"] / basis) ** 2


def energy(r):
    d = (r[source] - r[target]).square().sum(1).sqrt()
    rbf = torch.exp(-gamma * (d[:, None] - centres) ** 2)
    cut = (0.5 * (torch.cos(d * (torch.pi / config["cutoff"])) + 1))[:, None]
    x = embedding.expand(nodes, width)
    for w1, b1, w2, b2, w_in, w3, b3, w4, b4 in net:
        filters = (ssp(rbf @ w1 + b1) @ w2 + b2) * cut
        messages = (x @ w_in)[source] * filters
        pooled = torch.zeros(nodes, width).index_add(0, target, messages)
        x = x + ssp(pooled @ w3 + b3) @ w4 + b4
    return (ssp(x @ head[0] + head[1]) @ head[2]).sum()


def step():
    (slope,) = torch.autograd.grad(energy(positions), positions, create_graph=True)
    loss = ((-slope - wanted) ** 2).mean()
    torch.autograd.grad(loss, params, allow_unused=True)


for _ in range(config["warmup"]):
    step()
times = []
for _ in range(config["rounds"]):
    start = time.perf_counter()
    for _ in range(config["steps"]):
        step()
    times.append((time.perf_counter() - start) / config["steps"])
print(json.dumps(times))
