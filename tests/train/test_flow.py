#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The steps of the flow against closed forms, and the whole flow on a network that it does not know."""
import itertools
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import support

support.require("numpy", "onnx", "torch", "PIL")

import onnx  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

import cluster  # noqa: E402
import data  # noqa: E402
import fit  # noqa: E402
import network  # noqa: E402
import prune  # noqa: E402
from onnx_module import OnnxModule  # noqa: E402
from publish import publish  # noqa: E402
from recipe import RECIPES, Schedule  # noqa: E402
from stages import Run  # noqa: E402


class Pruning(unittest.TestCase):
    def test_cubic_schedule(self):
        self.assertEqual([prune.cubic(part) for part in (-1, 0, 0.5, 1, 2)], [0, 0, 0.875, 1, 1])

    def test_zeros_of_the_papers_networks(self):
        # Published: parameters before and after, arXiv 2109.04459, Table 1.
        for name, parameters, left in (("mnist", 1_498_730, 749_365), ("cifar10", 552_874, 276_437)):
            built = RECIPES[name].network()
            self.assertEqual(network.parameter_count(built), parameters)
            schedule = RECIPES[name].schedule
            zeros = prune.zeros_per_layer(built, schedule.total_sparsity, schedule.layer_sparsity)
            self.assertEqual(parameters - sum(zeros.values()), left)

    def test_targets_scale_and_protected_layers_keep_all(self):
        built = nn.Sequential(nn.Linear(10, 10), nn.Linear(10, 30), nn.Linear(30, 10))
        zeros = prune.zeros_per_layer(built, 0.25, {"1": 0.4, "2": 0.2})
        self.assertEqual(sum(zeros.values()), round(0.25 * (100 + 10 + 300 + 30 + 300 + 10)))
        self.assertNotIn("0", zeros)
        self.assertAlmostEqual(zeros["1"] / zeros["2"], 2, delta=0.05)
        with self.assertRaises(ValueError):
            prune.zeros_per_layer(built, 0.9, {"0": 1.0})

    def test_masks_follow_the_schedule_and_stay(self):
        torch.manual_seed(3)
        built = nn.Sequential(nn.Linear(20, 50))
        weight = built[0].weight
        smallest = weight.detach().abs().flatten().sort().values
        pruner = prune.Pruner(built, {"0": 700}, 100, 200, 10)
        for step in range(100, 230):
            with torch.no_grad():
                weight.add_(1e-9)  # masked weights come back in every step
            pruner.after_step(step)
            zeros = int((weight == 0).sum())
            if step < 200:
                self.assertEqual(zeros, int(prune.cubic((step - 99) // 10 * 10 / 100) * 700))
            else:
                self.assertEqual(zeros, 700)
        self.assertGreaterEqual(float(weight[weight != 0].detach().abs().min()), float(smallest[700]) - 1e-6)


class Clusters(unittest.TestCase):
    def test_seeds_are_the_middles_of_equal_shares(self):
        # Of a uniform distribution on [0, 1] the regions are equally wide.
        seeds = cluster.density_seeds(np.linspace(0, 1, 100001), 8)
        np.testing.assert_allclose(seeds, (np.arange(8) + 0.5) / 8, atol=1e-4)

    def test_seeds_follow_the_density(self):
        # Two thirds of the values in [0, 1], one third in [9, 10]: twice as many seeds.
        values = np.concatenate([np.linspace(0, 1, 20000), np.linspace(9, 10, 10000)])
        self.assertEqual(int((cluster.density_seeds(values, 12) < 5).sum()), 8)

    def test_lloyd_never_makes_it_worse(self):
        random = np.random.default_rng(5)
        values = random.normal(size=5000)
        before = cluster.density_seeds(values, 15)
        error = [np.square(values - before[cluster.nearest(values, before)]).mean()]
        for iterations in (1, 5, 50):
            after = cluster.lloyd(values, before, iterations)
            error.append(np.square(values - after[cluster.nearest(values, after)]).mean())
        self.assertEqual(error, sorted(error, reverse=True))
        self.assertLess(error[-1], error[0])

    def test_zero_stays_zero_through_fine_tuning(self):
        torch.manual_seed(1)
        built = nn.Sequential(nn.Linear(30, 40), nn.ReLU(), nn.Linear(40, 3))
        with torch.no_grad():
            for module in network.weighted(built).values():
                module.weight.mul_(prune.magnitude_mask(module.weight, module.weight.numel() // 2))
        masks = {name: module.weight == 0 for name, module in network.weighted(built).items()}
        shared = cluster.SharedWeights(built, 7, {"2": 3}, 20)
        before = {name: book.detach().clone() for name, book in shared.codebooks.items()}
        batches = ((torch.randn(16, 30), torch.randint(0, 3, (16,))) for _ in iter(int, 1))
        shared.fine_tune(batches, 30, 1e-2)
        for name, module in network.weighted(built).items():
            self.assertTrue(torch.equal(module.weight == 0, masks[name]))
            self.assertEqual(len(torch.unique(module.weight[module.weight != 0])), 3 if name == "2" else 7)
            self.assertFalse(torch.equal(shared.codebooks[name], before[name]))


class Teacher(unittest.TestCase):
    def test_the_loss_is_the_scaled_cross_entropy_and_least_at_the_teachers_scores(self):
        wanted = nn.Linear(5, 3)
        same = nn.Linear(5, 3)
        same.load_state_dict(wanted.state_dict())
        images, labels = torch.randn(6, 5), torch.zeros(6, dtype=torch.long)
        loss = fit.loss_of(same, images, labels, wanted)
        likely = torch.softmax(wanted(images).detach().double() / 3, 1)
        self.assertAlmostEqual(loss.item(), -9 * float((likely * likely.log()).sum(1).mean()), places=4)
        loss.backward()
        self.assertLess(float(same.weight.grad.abs().max()), 1e-5)
        self.assertIsNone(wanted.weight.grad)

    def test_a_pruned_network_follows_its_teacher_and_not_the_labels(self):
        torch.manual_seed(2)
        teacher = nn.Sequential(nn.Linear(6, 4), nn.Dropout(0.9))  # without dropout, once it teaches
        images = torch.randn(4096, 6)
        schedule = Schedule(batch_size=64, learning_rate=0.05, warm_up_steps=1, momentum=0.9, l2=0, dense_epochs=1,
                            prune_epochs=1, fine_tune_epochs=3, total_sparsity=0.1, layer_sparsity={"0": 1.0},
                            learn_from_dense=True)

        def batches(stage, skip):
            for step in itertools.count(skip):
                part = images[step % 64 * 64:][:64]
                yield part, torch.zeros(64, dtype=torch.long)

        run = Run(lambda: nn.Sequential(nn.Linear(6, 4)), batches, 64, schedule, 1, {})
        start = run.dense_start()
        right = teacher.eval()(images).argmax(1)
        self.assertTrue(teacher.train().training)
        learnt = run.pruned(start, teacher)(images).argmax(1)
        told = run.pruned(start)(images).argmax(1)
        self.assertGreater(float((learnt == right).float().mean()), 0.9)
        self.assertEqual(int(told.abs().sum()), 0)  # the labels say class 0, always


class Residual(nn.Module):
    """Something the package has never seen: a skip connection, a depthwise layer, functional calls."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        x = functional.relu(self.norm(self.stem(x)))
        x = x + self.depthwise(x)
        return self.head(functional.adaptive_avg_pool2d(x, 1).flatten(1))


class Interrupted(unittest.TestCase):
    """Stopped inside every stage and gone on with, a network with batch norm, dropout and masks ends the same."""

    def train(self, folder, stops):
        schedule = Schedule(batch_size=8, learning_rate=0.05, warm_up_steps=4, momentum=0.9, l2=1e-4, dense_epochs=1,
                            prune_epochs=1, fine_tune_epochs=1, total_sparsity=0.3, layer_sparsity={"0": 1.0},
                            mask_interval_steps=3)
        made = []

        def batches(stage, skip):
            made.append((stage, skip))
            random = torch.Generator().manual_seed(len(stage))
            for step in itertools.count():
                images, labels = torch.rand(8, 12, generator=random), torch.randint(0, 3, (8,), generator=random)
                if step >= skip:
                    if (stage, step) in stops:
                        stops.remove((stage, step))
                        raise KeyboardInterrupt
                    yield images, labels

        def make():
            return nn.Sequential(nn.Linear(12, 20), nn.BatchNorm1d(20), nn.ReLU(), nn.Dropout(0.5), nn.Linear(20, 3))

        while True:
            run = Run(make, batches, 10, schedule, 5, {}, folder, checkpoint_seconds=0)
            try:
                return run.pruned(run.dense_start()).state_dict(), made
            except KeyboardInterrupt:
                continue

    def test_stopped_inside_every_stage(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, once = self.train(Path(folder) / "a", set())
            self.assertEqual(once, [("dense start", 0), ("pruned", 0)])
            stops = {("dense start", 4), ("pruned", 3), ("pruned", 5), ("pruned", 17)}
            broken, made = self.train(Path(folder) / "b", set(stops))
        self.assertEqual(made[1:], [("dense start", 4), ("pruned", 0), ("pruned", 3), ("pruned", 5), ("pruned", 17)])
        for name, value in whole.items():
            self.assertTrue(torch.equal(value, broken[name]), name)


class AnyModule(unittest.TestCase):
    def test_a_module_and_a_data_loader_give_a_sparse_network(self):
        seed = 7
        images = torch.rand(256, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
        labels = (images.mean((1, 2, 3)) * 400).long() % 4
        dataset = torch.utils.data.TensorDataset(images, labels)
        schedule = Schedule(batch_size=32, learning_rate=0.05, warm_up_steps=4, momentum=0.9, l2=1e-4, dense_epochs=2,
                            prune_epochs=2, fine_tune_epochs=1, total_sparsity=0.3,
                            layer_sparsity={"stem": 0.5, "head": 0.5}, clusters=7, centroid_steps=8)

        def make_loader(generator):
            return torch.utils.data.DataLoader(dataset, batch_size=32, shuffle=True, generator=generator)

        batches = data.loader_batches(make_loader, seed)
        whole, later = batches("x", 0), batches("x", 13)  # 8 batches an epoch
        for _ in range(13):
            next(whole)
        for _ in range(3):
            self.assertTrue(torch.equal(next(later)[0], next(whole)[0]))

        run = Run(Residual, batches, 8, schedule, seed, {"data": "random"})
        start = run.dense_start()
        built = run.pruned(start)
        shared = run.shared(built)
        run.fine_tune(shared)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "net.onnx"
            written = publish(path, built, shared, [images[:64]], {"recipe": {}}, lambda stored: {}, {})
            stored = OnnxModule(onnx.load(str(path)), str(path))
            with torch.no_grad():
                np.testing.assert_allclose(stored(images).numpy(), built(images).numpy(), rtol=0, atol=2e-6)
            self.assertEqual(json.loads(path.with_suffix(".json").read_text()), written)
        self.assertEqual(written["zeros"], round(0.3 * network.parameter_count(Residual())))
        zeros = {layer["name"]: layer["zeros"] for layer in written["layers"]}
        self.assertEqual(zeros["depthwise"], 0)
        self.assertLess(written["largest_difference_to_trained_network"], 1e-5)


support.main()
