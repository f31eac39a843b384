"""Loss and gradient of a one-hidden-layer tanh classifier (softmax, mean cross-entropy, lambda |w|^2), one vector of
weights at a time or many at once, in NumPy by hand or in PyTorch by autograd; prints seconds per vector and the losses."""
import json
import sys
import time

import numpy as np

config = json.loads(sys.argv[1])
case = json.load(open(config["case"]))
I, H, O = case["inputs"], case["hidden"], case["classes"]
N, lam = case["rows"], case["lambda"]
X = np.array(case["features"]).reshape(N, I)
labels = np.array(case["labels"])
W = np.array(case["weights"]).reshape(-1, H * (I + O) + H + O)
cuts = [H * I, H * (I + O), H * (I + O) + H]
every = np.arange(N)
truth = np.eye(O)[labels]


def numpy_single(w):
    A, B, a, b = np.split(w, cuts)
    A, B = A.reshape(H, I), B.reshape(O, H)
    h = np.tanh(X @ A.T + a)
    y = h @ B.T + b
    y -= y.max(1, keepdims=True)
    e = np.exp(y)
    z = e.sum(1)
    loss = (np.log(z) - y[every, labels]).mean() + lam * (w @ w)
    G = (e / z[:, None] - truth) / N
    D = (G @ B) * (1 - h * h)
    return loss, np.concatenate([(D.T @ X).ravel(), (G.T @ h).ravel(), D.sum(0), G.sum(0)]) + 2 * lam * w


def numpy_batch(w):
    m = len(w)
    A, B, a, b = np.split(w, cuts, axis=1)
    A, B = A.reshape(m, H, I), B.reshape(m, O, H)
    h = np.tanh(X @ A.transpose(0, 2, 1) + a[:, None])
    y = h @ B.transpose(0, 2, 1) + b[:, None]
    y -= y.max(2, keepdims=True)
    e = np.exp(y)
    z = e.sum(2)
    loss = (np.log(z) - y[:, every, labels]).mean(1) + lam * (w * w).sum(1)
    G = (e / z[..., None] - truth) / N
    D = (G @ B) * (1 - h * h)
    parts = [D.transpose(0, 2, 1) @ X, G.transpose(0, 2, 1) @ h, D.sum(1), G.sum(1)]
    return loss, np.concatenate([p.reshape(m, -1) for p in parts], axis=1) + 2 * lam * w


def torch_functions():
    import torch

    torch.set_num_threads(config["threads"])
    x, target = torch.from_numpy(X), torch.from_numpy(labels)

    def value(w):
        m = w.shape[0]
        A, B, a, b = torch.split(w, [H * I, O * H, H, O], dim=1)
        h = torch.tanh(torch.matmul(x, A.reshape(m, H, I).transpose(1, 2)) + a[:, None])
        y = torch.matmul(h, B.reshape(m, O, H).transpose(1, 2)) + b[:, None]
        right = torch.nn.functional.log_softmax(y, 2)[:, torch.arange(N), target]
        return -right.mean(1) + lam * (w * w).sum(1)

    def value_single(w):
        A, B, a, b = torch.split(w, [H * I, O * H, H, O])
        h = torch.tanh(torch.nn.functional.linear(x, A.view(H, I), a))
        y = torch.nn.functional.linear(h, B.view(O, H), b)
        return torch.nn.functional.cross_entropy(y, target) + lam * (w * w).sum()

    def single(w):
        w = torch.from_numpy(w).requires_grad_()
        loss = value_single(w)
        (g,) = torch.autograd.grad(loss, w)
        return loss.item(), g.numpy()

    def batch(w):
        w = torch.from_numpy(w).requires_grad_()
        loss = value(w)
        (g,) = torch.autograd.grad(loss.sum(), w)
        return loss.detach().numpy(), g.numpy()

    return single, batch


single, batch = (numpy_single, numpy_batch) if config["library"] == "numpy" else torch_functions()
if config["batch"]:
    work, count = (lambda: batch(W)), len(W)
    losses = batch(W)[0][:4].tolist()
else:
    at = 0

    def work():
        global at
        at = (at + 1) % len(W)
        single(W[at])

    count = 1
    losses = [float(single(w)[0]) for w in W[:4]]
start = time.perf_counter()
work()
steps = max(1, int(0.25 / max(time.perf_counter() - start, 1e-6)))
best, spent = 1e9, 1e9
for _ in range(3):
    start, begun = time.perf_counter(), time.process_time()
    for _ in range(steps):
        work()
    best = min(best, (time.perf_counter() - start) / steps / count)
    spent = min(spent, (time.process_time() - begun) / steps / count)
print(json.dumps({"seconds": best, "processor": spent, "losses": losses}))
