# SPDX-License-Identifier: Apache-2.0
"""From a network with shared weights to the file and the card: exported, run again from the file, measured, written."""
from pathlib import Path

import numpy as np
import torch

import card
import export
from network import parameter_count, weighted
from onnx_module import OnnxModule


def exported(network, name: str, example: torch.Tensor):
    """(model with plain weights, {layer: weight tensor}) of any module; an OnnxModule keeps the graph it came from."""
    if isinstance(network, OnnxModule):
        return network.folded(), network.weight_tensors
    model = export.to_onnx(network, name, example)
    # Folding once gives every constant a tensor of its own, where PyTorch's exporter merges equal ones.
    return OnnxModule(model, name).folded(), {layer: f"{layer}.weight" for layer in weighted(network)}


def check_equal(stored, network, images: torch.Tensor) -> float:
    """The file must give what the trained network gives, up to the order of float32 sums."""
    with torch.no_grad():
        found, wanted = stored(images).numpy(), network(images).numpy()
    difference = float(np.abs(found - wanted).max() / np.abs(wanted).max())
    if not difference <= 1e-5:
        raise ArithmeticError(f"the exported model is off by {difference:.2g} of the trained network's largest score")
    return difference


def example_of(network: OnnxModule) -> torch.Tensor:
    """Random numbers in the shape of the network's input, an open axis bound to 1."""
    sizes = [axis.dim_value or 1 for axis in network.model.graph.input[0].type.tensor_type.shape.dim]
    return torch.rand(sizes, generator=torch.Generator().manual_seed(1))


def publish(path: Path, network, shared, calibration: list, metadata: dict, measure, facts: dict) -> dict:
    """Writes PATH (.onnx) and its card. `calibration` are the inputs that set ranges, as batches, and may be none for an
    OnnxModule; `measure(module)` gives figures of the file's network for the card; `facts` go into it as they are."""
    network.eval()
    example = calibration[0] if calibration else example_of(network)
    model, layers = exported(network, path.stem, example[:2])
    export.share_weights(model, layers, shared.codes, {name: book.numpy() for name, book in shared.codebooks.items()})
    stored = OnnxModule(model, str(path))
    difference = check_equal(stored, network, example)
    figures = card.layer_figures(shared)
    zeros, parameters = sum(layer["zeros"] for layer in figures), parameter_count(network)
    # Ranges of the network as it was given would be wrong now, so they go if they cannot be measured again.
    export.set_metadata(model, {**metadata, "sparsity": zeros / parameters, "sonic:ranges":
                                export.activation_ranges(stored, calibration) if calibration else None})
    return card.write_model_and_card(path, model, {
        "parameters": parameters, "zeros": zeros, "nonzero_parameters": parameters - zeros, "layers": figures,
        "largest_difference_to_trained_network": difference, **measure(stored), **facts})


def calibration_batches(dataset, count: int) -> list:
    """The first `count` training images of a data.Dataset as batches of 100."""
    chosen = dataset.train_images[:count]
    return [dataset.tensor(part) for part in np.array_split(chosen, max(1, len(chosen) // 100))]
