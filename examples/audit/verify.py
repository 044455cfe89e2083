#!/usr/bin/env python3
"""Verifies an export of the audit log of Noegle, or one proof that a person downloaded.

    verify.py --key VKEY export.jsonl     # of "audit export" or "audit export --proofs"
    verify.py --key VKEY noegle-123.json  # of self-service, "Hent bevis"

VKEY is the line at https://<issuer>/audit/key, or a file with it: name+id+key. Get it once, and not from the
place that the export came from. Nothing but the standard library is used, and nothing of Noegle's own code:
the tree is RFC 9162, the signature Ed25519 (RFC 8032), the note and the checkpoint are those of C2SP.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import json
import os
import sys

# --- Ed25519 (RFC 8032, 5.1), verification alone ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def add_points(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply_point(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add_points(result, point)
        point = add_points(point, point)
        scalar >>= 1
    return result


def decode_point(data):
    y = int.from_bytes(data, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = decode_point(public_key), decode_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    left = multiply_point(scalar, BASE)
    right = add_points(commitment, multiply_point(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- The tree (RFC 9162, 2.1) ---


def hash_leaf(content):
    return hashlib.sha256(b"\x00" + content).digest()


def hash_node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_proof(leaf, index, size, proof):
    """The root to which a proof leads (2.1.3.2); None when it does not fit the size."""
    if index >= size:
        return None
    at, last, result = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            result = hash_node(part, result)
            while not at & 1 and at != 0:
                at >>= 1
                last >>= 1
        else:
            result = hash_node(result, part)
        at >>= 1
        last >>= 1
    return result if last == 0 else None


class GrowingTree:
    """The root over leaves that come one after another."""

    def __init__(self):
        self.size = 0
        self.stack = []

    def append(self, leaf):
        height, result = 0, leaf
        while self.stack and self.stack[-1][0] == height:
            result = hash_node(self.stack.pop()[1], result)
            height += 1
        self.stack.append((height, result))
        self.size += 1

    def root(self):
        result = None
        for _, part in reversed(self.stack):
            result = part if result is None else hash_node(part, result)
        return hashlib.sha256(b"").digest() if result is None else result


# --- The signed note and the checkpoint (C2SP) ---


class Wrong(Exception):
    """What is wrong, in words."""


def read_keys(text):
    keys = []
    for line in text.split():
        name, key_id, key = line.split("+", 2)
        data = base64.b64decode(key)
        if data[:1] != b"\x01":
            raise Wrong("the key is no Ed25519 key")
        expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
        if expected.hex() != key_id:
            raise Wrong("the key does not fit its id")
        keys.append((name, expected, data[1:]))
    return keys


def read_checkpoint(note, keys):
    """Name, size and root, if one of the keys signed them."""
    text, found, signatures = note.rpartition("\n\n")
    if not found:
        raise Wrong("the checkpoint is no signed note")
    text += "\n"
    for line in signatures.split("\n"):
        if not line.startswith("\u2014 "):
            continue
        name, _, encoded = line[2:].partition(" ")
        data = base64.b64decode(encoded)
        for key_name, key_id, key in keys:
            if name == key_name and data[:4] == key_id:
                if not is_signed(key, text.encode(), data[4:]):
                    raise Wrong("the checkpoint was changed: its signature does not fit")
                origin, size, root = text.split("\n")[:3]
                if origin != key_name:
                    raise Wrong("the checkpoint belongs to another log: " + origin)
                return origin, int(size), base64.b64decode(root)
    raise Wrong("the checkpoint was signed by another key")


# --- Events ---


def verify_leaf(line):
    """That the event, as it stands in the line, is what its leaf commits to."""
    leaf = base64.b64decode(line["leaf"])
    if line["salt"] is None:
        return leaf
    content = hmac.new(bytes.fromhex(line["salt"]), line["text"].encode(), hashlib.sha256).digest()
    if hash_leaf(content) != leaf:
        raise Wrong("leaf %d: the event does not fit its leaf" % line["index"])
    version, event_id, at, kind, identity_id, details = json.loads(line["text"])
    moment = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
    moment += datetime.timedelta(microseconds=int(at))
    shown = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if (
        version != "noegle audit event v1"
        or (event_id, kind, identity_id) != (line["id"], line["kind"], line["identityId"])
        or shown != line["at"]
        or json.loads(details) != line["details"]
    ):
        raise Wrong("leaf %d: the event is not what its text says" % line["index"])
    return leaf


def verify_proof(line, leaf, size, root):
    proof = [base64.b64decode(part) for part in line["proof"]]
    if root_from_proof(leaf, line["index"], size, proof) != root:
        raise Wrong("leaf %d: the proof does not lead to the checkpoint" % line["index"])


def verify_file(file, keys):
    text = file.read()
    try:
        single = json.loads(text)
    except ValueError:
        single = None
    if isinstance(single, dict) and "index" in single:
        origin, size, root = read_checkpoint(single["checkpoint"], keys)
        if size != single["size"]:
            raise Wrong("the checkpoint has another size")
        leaf = verify_leaf(single)
        verify_proof(single, leaf, size, root)
        if single["salt"] is None:
            raise Wrong("the proof has no salt, so it says nothing of the event")
        return "event %s is leaf %d of the log %s with %d leaves" % (single["id"], single["index"], origin, size)
    lines = [json.loads(line) for line in text.splitlines() if line]
    if not lines or "checkpoint" not in lines[-1]:
        raise Wrong("the last line is no checkpoint: the export is not whole")
    events = lines[:-1]
    if lines[-1]["checkpoint"] is None:
        if events:
            raise Wrong("there is no checkpoint")
        return "the log is empty"
    origin, size, root = read_checkpoint(lines[-1]["checkpoint"], keys)
    tree, proved, erased = GrowingTree(), 0, 0
    for i, line in enumerate(events):
        if i > 0 and line["index"] != events[i - 1]["index"] + 1:
            raise Wrong("leaf %d is missing" % (events[i - 1]["index"] + 1))
        leaf = verify_leaf(line)
        erased += line["salt"] is None
        tree.append(leaf)
        if "proof" in line:
            verify_proof(line, leaf, size, root)
            proved += 1
    is_whole = bool(events) and events[0]["index"] == 0 and len(events) == size
    if is_whole and tree.root() != root:
        raise Wrong("the root of all leaves is not that of the checkpoint")
    if not is_whole and proved < len(events):
        raise Wrong("a part of the log is verified by its proofs: export it with --proofs")
    return "%d events are in the log %s with %d leaves (%d by their proofs, %s); %d of people who were erased" % (
        len(events),
        origin,
        size,
        proved,
        "the root of all fits" if is_whole else "a part of the log",
        erased,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", required=True, help="the line at /audit/key, or a file with it")
    parser.add_argument("file", help="an export or a proof; - for standard input")
    given = parser.parse_args()
    key = given.key
    if os.path.exists(key):
        with open(key, encoding="utf-8") as file:
            key = file.read()
    try:
        keys = read_keys(key)
        if given.file == "-":
            print(verify_file(sys.stdin, keys))
        else:
            with open(given.file, encoding="utf-8") as file:
                print(verify_file(file, keys))
    except (Wrong, ValueError, KeyError, TypeError) as fault:
        print("WRONG: %s" % (fault if isinstance(fault, Wrong) else "it cannot be read (%r)" % fault), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
