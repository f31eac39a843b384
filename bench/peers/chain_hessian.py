"""Rows of the exact float64 Hessian of the 740-parameter chain net in PyTorch: double backward one row at a time, several
rows at once (is_grads_batched, which torch.autograd.functional.hessian(vectorize=True) uses), and functorch's forward over
reverse. Prints wall and processor seconds per row of each way, and the rows."""
import json
import os
import sys
import time

import torch
from torch import nn

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Sequential(nn.Conv1d(1, 5, 15, padding=1), nn.MaxPool1d(4), nn.ReLU())
        self.two = nn.Sequential(nn.Conv1d(5, 8, 5), nn.MaxPool1d(4), nn.ReLU())
        self.three = nn.Sequential(nn.Conv1d(8, 10, 2, padding=1), nn.AvgPool1d(4), nn.ReLU())
        self.last = nn.Linear(140, 2)

    def forward(self, x):
        return self.last(self.three(self.two(self.one(x))).flatten(1))


def read(name):
    with open(os.path.join(config["folder"], name), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.float64).clone()


net = Net().double()
nn.utils.vector_to_parameters(read("theta.f64"), net.parameters())
x = read("states.f64").reshape(-1, 1, 924)
y = read("labels.f64").long()
parameters = list(net.parameters())


def gradient():
    loss = nn.functional.cross_entropy(net(x), y)
    return torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, parameters, create_graph=True)])


flat = gradient()
size = flat.numel()
rows = {}


def one(i):
    parts = torch.autograd.grad(flat[i], parameters, retain_graph=True)
    rows[i] = torch.cat([p.reshape(-1) for p in parts]).tolist()


def several(first, count):
    basis = torch.eye(size, dtype=torch.float64)[first : first + count]
    torch.autograd.grad(flat, parameters, basis, is_grads_batched=True, retain_graph=True)


chosen = [round(k * (size - 1) / (config["rows"] - 1)) for k in range(config["rows"])]
one(chosen[0])
ways = {}


def functional(first, count):
    from functorch import grad, jvp, make_functional, vmap

    model, values = make_functional(net)
    chosen = nn.functional.one_hot(y).double()

    def loss(at):
        logits = model(at, x)  # written out: the losses have no forward mode in this version
        return (logits.exp().sum(1).log() - (logits * chosen).sum(1)).mean()

    slope = grad(loss)
    basis = torch.eye(size, dtype=torch.float64)[first : first + count]
    parts = torch.split(basis, [p.numel() for p in parameters], 1)
    directions = tuple(part.reshape(-1, *p.shape) for part, p in zip(parts, parameters))
    vmap(lambda direction: jvp(slope, (values,), (direction,))[1])(directions)


def measure(name, run, count):
    start, cpu = time.perf_counter(), time.process_time()
    try:
        run()
    except Exception as error:
        ways[name] = str(error).splitlines()[0]
        return
    ways[name] = [(time.perf_counter() - start) / count, (time.process_time() - cpu) / count]


measure("row by row", lambda: [one(i) for i in chosen], len(chosen))
for count in config["batches"]:
    measure(f"{count} rows at once", lambda: several(count, count), count)
measure(f"functorch, {config['batches'][0]} at once", lambda: functional(0, config["batches"][0]), config["batches"][0])
print(json.dumps({"ways": ways, "rows": rows}))
