"""AWS's service model as the compatibility test needs it: the input members of each operation.

The project holds no copy of the model. It is looked for beside the checkout, in
../shared/api-model, or in the folder that GRAMME_API_MODEL names.
"""

import dataclasses
import json
import os
import pathlib

FILES = ("dynamodb-2012-08-10.json", "dynamodbstreams-2012-08-10.json")
TYPES = {"long": "integer", "integer": "integer", "boolean": "boolean", "double": "double", "timestamp": "timestamp",
         "blob": "blob", "list": "list", "map": "map", "structure": "structure"}


@dataclasses.dataclass
class ModelMember:
    path: str
    type: str  # as served_interface prints it
    constraints: dict


def folder(root):
    named = os.environ.get("GRAMME_API_MODEL")
    place = pathlib.Path(named) if named else root.parent / "shared" / "api-model"
    return place if all((place / name).is_file() for name in FILES) else None


def load(place):
    """{operation: [ModelMember]}; a member above its own."""
    operations = {}
    for name in FILES:
        model = json.loads((place / name).read_text(encoding="utf-8"))
        for operation, description in model["operations"].items():
            members = []
            if "input" in description:
                _add(model["shapes"], description["input"]["shape"], "", members)
            operations[operation] = members
    return operations


def _add(shapes, shape_name, prefix, members):
    shape = shapes[shape_name]
    required = set(shape.get("required", []))
    for name, reference in shape["members"].items():
        target = reference["shape"]
        constraints = _constraints(shapes, shapes[target])
        if name in required:
            constraints["required"] = "1"
        members.append(ModelMember(prefix + name, _type(shapes[target]), constraints))
        path = prefix + name
        while shapes[target]["type"] in ("list", "map"):
            is_list = shapes[target]["type"] == "list"
            path += "[]" if is_list else "{}"
            target = shapes[target]["member" if is_list else "value"]["shape"]
        # An AttributeValue contains itself, and is one thing to a request.
        if shapes[target]["type"] == "structure" and target != "AttributeValue":
            _add(shapes, target, path + ".", members)


def _type(shape):
    if shape["type"] == "string":
        return " ".join(["string", *shape.get("enum", [])])
    return TYPES[shape["type"]]


def _constraints(shapes, shape):
    found = {}
    is_number = shape["type"] in ("integer", "long")
    for bound in ("min", "max"):
        if bound in shape:
            found[f"value_{bound}" if is_number else f"length_{bound}"] = str(shape[bound])
    if "pattern" in shape:
        found["pattern"] = shape["pattern"]
    for role, prefix in (("member", "element"), ("value", "element"), ("key", "key")):
        inner = shapes[shape[role]["shape"]] if role in shape else {}
        # An enum's names are a matter of types; of an inner number nothing is constrained.
        if inner.get("type") in ("string", "list"):
            for bound in ("min", "max"):
                if bound in inner:
                    found[f"{prefix}_length_{bound}"] = str(inner[bound])
            if "pattern" in inner:
                found[f"{prefix}_pattern"] = inner["pattern"]
    # A least length of 0 constrains nothing.
    return {name: value for name, value in found.items()
            if not (value == "0" and name.endswith("length_min"))}
