"""Write a BERT encoder as a graph that onnxruntime runs: in full precision, or with 8-bit matrix products.

In the 8-bit graph the inputs of every matrix product are rounded to 8 bits with ranges measured beforehand, so a text's
vector does not depend on the texts beside it. A few inputs of a BERT are twenty times as large as the others; before
rounding they are divided by a number of their own, and the weights they meet multiplied by it (SmoothQuant, Xiao and
others 2023). Weights have 7 bits: on processors without VNNI sums of two 8-bit products overflow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bot.understanding.encoders.bert import Affine, Bert, Norm, Numbers

EMBEDDED, MASK, STATES = "embedded", "mask", "states"
"""Names of the inputs, (texts, pieces, width) and (texts, pieces) of 0 and 1, and of the output, like the first."""

SMOOTHING = 0.7
"""How much of the unevenness of inputs is moved into the weights, 0 to 1. Chosen by agreement with full precision."""

MARGIN = 1.1
"""Room above the largest input that was measured."""

MOST_WEIGHT, MOST_INPUT = 63, 255
OPSET, IR_VERSION = 17, 8
CONTRIB = "com.microsoft"


@dataclass(frozen=True)
class Range:
    """The least and the greatest value of every input of a matrix product."""

    least: Numbers
    greatest: Numbers


class _Writer:
    """Collects nodes and constants."""

    def __init__(self, ranges: Mapping[str, Range] | None, exact: Collection[str]) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.measured: list[str] = []
        self._ranges, self._exact = ranges, exact

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, own: bool = False, **attributes: Any) -> str:
        domain = CONTRIB if own else ""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def product(self, name: str, inputs: str, affine: Affine) -> str:
        """weight · inputs + bias."""
        if self._ranges is None:
            self.measured.append(inputs)
        elif name.rpartition(".")[2] not in self._exact:
            return self._rounded_product(name, inputs, affine, self._ranges[inputs])
        product = self.node("MatMul", [inputs, self.constant(f"{name}.weight", affine.weight.T)], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.bias", affine.bias)], name)

    def _rounded_product(self, name: str, inputs: str, affine: Affine, seen: Range) -> str:
        most = np.maximum(np.maximum(-seen.least, seen.greatest), 1e-5)
        own = most**SMOOTHING / np.maximum(np.abs(affine.weight).max(axis=0), 1e-5) ** (1.0 - SMOOTHING)
        least = min(0.0, float((seen.least / own).min()) * MARGIN)
        greatest = max(0.0, float((seen.greatest / own).max()) * MARGIN)
        step = (greatest - least) / MOST_INPUT
        weight = affine.weight * own
        steps = np.maximum(np.abs(weight).max(axis=1), 1e-9) / MOST_WEIGHT
        divisors = self.constant(f"{name}.divisors", (1.0 / own).astype(np.float32))
        one = self.constant(f"{name}.step", np.array(step, dtype=np.float32))
        zero = self.constant(f"{name}.zero", np.array(round(-least / step), dtype=np.uint8))
        evened = self.node("Mul", [inputs, divisors], f"{name}.even")
        rounded = self.node("QuantizeLinear", [evened, one, zero], f"{name}.rounded")
        return self.node(
            "MatMulIntegerToFloat",
            [
                rounded,
                self.constant(f"{name}.weight", np.rint(weight / steps[:, None]).astype(np.int8).T),
                one,
                self.constant(f"{name}.steps", steps.astype(np.float32)),
                zero,
                self.constant(f"{name}.zeros", np.zeros(len(steps), dtype=np.int8)),
                self.constant(f"{name}.bias", affine.bias),
            ],
            name,
            own=True,
        )

    def normalized_sum(self, name: str, added: str, inputs: str, norm: Norm, epsilon: float) -> str:
        scale, shift = self.constant(f"{name}.scale", norm.scale), self.constant(f"{name}.shift", norm.shift)
        return self.node("SkipLayerNormalization", [added, inputs, scale, shift], name, own=True, epsilon=epsilon)


def graph(bert: Bert, ranges: Mapping[str, Range] | None = None, exact: Collection[str] = ()) -> ModelProto:
    """The encoder with 8-bit matrix products when `ranges` are given, as `measured_ranges` finds them; else in full
    precision, and then every input of a matrix product is an output too, so that it can be measured.

    `exact`: the products of a layer ("into", "out", "wide", "narrow") that stay in full precision.
    """
    writer = _Writer(ranges, exact)
    norm = bert.embedding_norm
    scale, shift = writer.constant("embedding.scale", norm.scale), writer.constant("embedding.shift", norm.shift)
    states = writer.node("LayerNormalization", [EMBEDDED, scale, shift], "embedding", axis=-1, epsilon=bert.epsilon)
    thirds = writer.constant("thirds", np.array([bert.width] * 3, dtype=np.int64))
    for number, layer in enumerate(bert.layers):
        name = f"layer{number}"
        together = writer.product(f"{name}.into", states, layer.into_attention)
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        writer.nodes.append(helper.make_node("Split", [together, thirds], parts, axis=-1))
        attended = writer.node(
            "MultiHeadAttention", [*parts, "", MASK], f"{name}.attended", own=True, num_heads=bert.heads
        )
        out = writer.product(f"{name}.out", attended, layer.out_of_attention)
        states = writer.normalized_sum(f"{name}.middle", out, states, layer.attention_norm, bert.epsilon)
        wide = writer.product(f"{name}.wide", states, layer.widening)
        narrow = writer.product(
            f"{name}.narrow", writer.node("Gelu", [wide], f"{name}.bent", own=True), layer.narrowing
        )
        last = number == len(bert.layers) - 1
        states = writer.normalized_sum(STATES if last else name, narrow, states, layer.norm, bert.epsilon)
    whole: list[str | int] = ["texts", "pieces", bert.width]
    outputs = [helper.make_tensor_value_info(STATES, TensorProto.FLOAT, whole)]
    outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in writer.measured]
    inputs = [
        helper.make_tensor_value_info(EMBEDDED, TensorProto.FLOAT, whole),
        helper.make_tensor_value_info(MASK, TensorProto.INT32, whole[:2]),
    ]
    return helper.make_model(
        helper.make_graph(writer.nodes, "bert", inputs, outputs, writer.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=IR_VERSION,
    )


def measured_ranges(bert: Bert, texts: Sequence[Mapping[str, NDArray[np.generic]]]) -> dict[str, Range]:
    """The range of every input of a matrix product over some texts, each given as the graph's two inputs."""
    model = graph(bert)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()[1:]]
    ranges: dict[str, Range] = {}
    for text in texts:
        for name, values in zip(names, session.run(names, dict(text)), strict=True):
            rows = values.reshape(-1, values.shape[-1])
            least, greatest = rows.min(axis=0), rows.max(axis=0)
            if name in ranges:
                least = np.minimum(least, ranges[name].least)
                greatest = np.maximum(greatest, ranges[name].greatest)
            ranges[name] = Range(least, greatest)
    return ranges
