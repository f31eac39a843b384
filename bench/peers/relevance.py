"""Relevance of walks inside sets of beads, SO3net in float64, conservative rules, in PyTorch.

Prints seconds a set, then the sums of the first sets. Ways: "one": a masked forward and backward pass of the whole frame
for each set; "batch": the same for many sets at once; "inside": activations kept, and the backward pass of many sets at
once on the beads of the sets alone, which is the least work that PyTorch can be given.
"""
import json
import struct
import sys
import time

import numpy as np
import torch

config = json.loads(sys.argv[1])
torch.set_num_threads(config["threads"])
torch.set_default_dtype(torch.float64)
case = json.load(open(config["case"]))


def read(path):
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    out = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        a, b = (8 + length + x for x in entry["data_offsets"])
        kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        array = np.frombuffer(raw[a:b], kind).reshape(entry["shape"]).astype(np.float64)
        out[name] = torch.from_numpy(array.copy())
    return out


w = read(case["weights"])
receiver, sender = torch.tensor(case["receiver"]), torch.tensor(case["sender"])
vectors = torch.tensor(case["vectors"]).reshape(-1, 3)
beads, edges = case["beads"], len(case["receiver"])
s1, s2, s3 = (torch.tensor(case["couplings"][k]) for k in range(3))
cg = torch.tensor(case["couplings"][3])
pre = case["prefactors"]
degree = torch.tensor([0, 1, 1, 1, 2, 2, 2, 2, 2])
species = torch.tensor(case["species"])
embedding = w["representation.embedding.weight"]
F = embedding.shape[1]
layers = len([n for n in w if n.endswith("filternet.weight")])
d = vectors.norm(dim=1)
x, y, z = (vectors / d[:, None]).T
one = torch.ones_like(x)
Y = torch.stack(
    [pre["one"] * one, pre["first"] * y, pre["first"] * z, pre["first"] * x, pre["xy"] * x * y, pre["yz"] * y * z]
    + [pre["zz"] * (1.5 * z * z - 0.5), pre["yz"] * x * z, pre["xx"] * (x * x - y * y)],
    1,
)
offsets, widths = w["representation.radial_basis.offsets"], w["representation.radial_basis.widths"]
rc = w["representation.cutoff_fn.cutoff"]
basis = torch.exp(-0.5 * ((d[:, None] - offsets) / widths) ** 2)
fade = 0.5 * (torch.cos(d * torch.pi / rc) + 1) * (d < rc)
K = []
for t in range(layers):
    name = f"representation.so3convs.{t}.filternet"
    filters = ((basis @ w[name + ".weight"].T + w[name + ".bias"]) * fade[:, None]).reshape(edges, 3, F)
    k = torch.zeros(edges, 9, 9, F)
    for a, b, c, v in zip(s1, s2, s3, cg):
        k[:, c, b] += v * Y[:, a, None] * filters[:, degree[a]]
    K.append(k)


blocks = [k.permute(0, 3, 1, 2).reshape(edges * F, 9, 9).contiguous() for k in K]


def converse(t, q):
    """Pooled messages of all beads, [B, beads, 9, F]: one small matrix an edge and feature, for the whole batch."""
    B = len(q)
    if t == 0:
        rows = K[0][:, :, 0] * q[:, sender, :1]
    else:
        sent = q[:, sender].permute(1, 3, 2, 0).reshape(edges * F, 9, B)
        rows = torch.bmm(blocks[t], sent).reshape(edges, F, 9, B).permute(3, 0, 2, 1)
    return torch.zeros(B, beads, 9, F).index_add(1, receiver, rows)


def couple(u, v):
    """C(u, v) on [..., 9, F]."""
    out = torch.zeros_like(u)
    return out.index_add(-2, s3, u[..., s1, :] * v[..., s2, :] * cg[:, None])


def node(t, a, keep=None):
    """What a layer makes of its pooled messages; the product is shared, the gate a constant."""
    get = lambda name: w[f"representation.{name}.{t}.weight"]
    p = a @ get("mixings1").T
    c = (a + 0.5 * (couple(a, p.detach()) + couple(a.detach(), p))) @ get("mixings2").T
    scale = f"representation.gatings.{t}.scaling"
    gate = torch.sigmoid(c[..., 0, :] @ w[scale + ".weight"].T + w[scale + ".bias"])
    gate = gate.reshape(gate.shape[:-1] + (3, F))[..., degree, :].detach()
    if keep is not None:
        keep.append((a, p, gate))
    return (gate * c) @ get("mixings3").T


def readout(q):
    """Σ E with units whose backward pass is generalised γ with the larger of bias and inputs."""
    W1, b1 = w["output_modules.0.outnet.0.weight"], w["output_modules.0.outnet.0.bias"]
    gamma = 0.1
    z = q[..., None, :] * W1
    S, P, N = z.sum(-1), z.clamp(min=0).sum(-1), z.clamp(max=0).sum(-1)
    y = torch.nn.functional.silu((S + b1).detach())
    up = S + gamma * P, b1 + gamma * b1.clamp(min=0)
    down = S + gamma * N, b1 + gamma * b1.clamp(max=0)
    n = torch.where(y > 0, up[0], down[0])
    D = torch.where(y > 0, torch.maximum(*up), torch.minimum(*down))
    hidden = n * torch.nan_to_num(torch.where(y.abs() > 1e-6, y / D, torch.zeros(1))).detach()
    return (hidden * w["output_modules.0.outnet.1.weight"][0]).sum()


def embed():
    q = torch.zeros(beads, 9, F)
    q[:, 0] = embedding[species]
    return q


def masked(sets):
    """One forward and backward pass; sets [B, n]."""
    B = len(sets)
    m = torch.zeros(B, beads)
    m.scatter_(1, sets, 1.0)
    m = m[:, :, None, None]
    hold = lambda q: q * m + (1 - m) * q.detach()
    start = embed().expand(B, beads, 9, F).clone().requires_grad_()
    q = hold(start)
    for t in range(layers):
        q = hold(q + node(t, converse(t, q)))
    (g,) = torch.autograd.grad(readout(q[:, :, 0]), start)
    return (g * start.detach()).sum((1, 2, 3))


def prepare():
    keep = []
    q = embed()
    for t in range(layers):
        q = q + node(t, converse(t, q[None])[0], keep)
    last = q[:, 0].detach().requires_grad_()
    (g,) = torch.autograd.grad(readout(last), last)
    ends = torch.zeros(beads, 9, F)
    ends[:, 0] = g
    index = torch.full((beads, beads), edges)
    index[receiver, sender] = torch.arange(edges)
    blocks = [torch.cat([k, torch.zeros(1, 9, 9, F)]) for k in K]
    return [tuple(v.detach() for v in row) for row in keep], ends, index, blocks


def inside(sets, cache):
    """The backward pass on the beads of the sets alone; sets [B, n]."""
    keep, ends, index, blocks = cache
    g = ends[sets]
    n = sets.shape[1]
    between = index[sets[:, :, None].expand(-1, -1, n), sets[:, None, :].expand(-1, n, -1)]
    for t in range(layers - 1, -1, -1):
        get = lambda name: w[f"representation.{name}.{t}.weight"]
        a, p, gate = (v[sets] for v in keep[t])
        b = ((g @ get("mixings3")) * gate) @ get("mixings2")
        h = b[..., s3, :] * cg[:, None] * 0.5
        da = b.index_add(-2, s1, h * p[..., s2, :])
        dp = torch.zeros_like(b).index_add(-2, s2, h * a[..., s1, :])
        da = da + dp @ get("mixings1")
        g = g + torch.einsum("bijsqf,bisf->bjqf", blocks[t][between], da)
    return (g[:, :, 0] * embedding[species[sets]]).sum((1, 2))


way = config["way"]
cache = prepare() if way == "inside" else None
seconds, count, sums = 0.0, 0, []
for group in case["sets"]:
    sets = torch.tensor(group)
    rows = config["batch"]
    parts = [sets[i : i + rows] for i in range(0, min(len(sets), config["limit"]), rows)]
    run = (lambda part: inside(part, cache)) if way == "inside" else masked
    run(parts[0])
    begin = time.perf_counter()
    values = torch.cat([run(part) for part in parts])
    seconds += (time.perf_counter() - begin) / len(values) * len(sets)
    count += len(sets)
    sums += values[: config["rows"]].tolist()
print(json.dumps([seconds] + sums))
