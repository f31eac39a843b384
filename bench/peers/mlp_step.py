"""One training step (forward, backward, Adam) of a four-layer SiLU network in PyTorch; prints seconds per step."""
import json
import sys
import time

import torch

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.manual_seed(0)
dtype = torch.float64 if config["dtype"] == "float64" else torch.float32
width, batch = config["width"], config["batch"]
layers = []
for i, (a, b) in enumerate([(3, width), (width, width), (width, width), (width, 1)]):
    layers.append(torch.nn.Linear(a, b, dtype=dtype))
    if i < 3:
        layers.append(torch.nn.SiLU())
net = torch.nn.Sequential(*layers)
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
x = torch.randn(batch, 3, dtype=dtype)
y = torch.sin(x.sum(1, keepdim=True))


def step():
    adam.zero_grad(set_to_none=True)
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    adam.step()


for _ in range(config["warmup"]):
    step()
times = []
for _ in range(config["rounds"]):
    start = time.perf_counter()
    for _ in range(config["steps"]):
        step()
    times.append((time.perf_counter() - start) / config["steps"])
print(json.dumps(times))
