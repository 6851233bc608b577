"""The committed browser files are the ones the build wrote, and hold what the templates ask for."""

import hashlib
import json
import re
from pathlib import Path

from tongyu.shell import icons

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/tongyu/shell/static/shell"
TEMPLATES = sorted((ROOT / "src/tongyu").glob("**/templates/**/*.html"))


def test_files_match_the_hashes_of_the_build():
    hashes = json.loads((ROOT / "assets/hashes.json").read_text())
    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in hashes}
    assert found == hashes


def test_no_file_points_to_a_source_map():
    pointing = [
        path.name for path in STATIC.iterdir() if re.search(rb"[#@] ?sourceMappingURL", path.read_bytes())
    ]
    assert pointing == []


def test_lock_file_carries_no_registry_address():
    assert '"resolved"' not in (ROOT / "assets/package-lock.json").read_text()


def test_sprite_holds_every_icon_a_template_names():
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    assert named - icons.names() == set()


def test_phone_stylesheet_is_small_and_the_chart_bundle_bounded():
    import gzip

    sizes = {
        name: len(gzip.compress((STATIC / name).read_bytes())) for name in ("phone.css", "echarts.min.js")
    }
    assert sizes["phone.css"] <= 16_000
    assert sizes["echarts.min.js"] <= 230_000


def test_phone_pages_use_only_classes_the_phone_stylesheet_has():
    full, small = ((STATIC / name).read_text() for name in ("desk.css", "phone.css"))
    has = {
        name: set(re.findall(r"\.([a-zA-Z][\w-]*)", css)) for name, css in (("full", full), ("small", small))
    }
    missing = {}
    for path in TEMPLATES:
        text = path.read_text()
        if '{% extends "shell/phone.html" %}' not in text:
            continue
        used = {word for group in re.findall(r'class="([^"{]*)"', text) for word in group.split()}
        lost = (used & has["full"]) - has["small"]
        if lost:
            missing[path.name] = sorted(lost)
    assert missing == {}


def test_templates_hold_no_inline_script_or_style():
    found = [
        path.name
        for path in TEMPLATES
        if re.search(
            r'<style|\sstyle="|\son[a-z]+="|<script(?![^>]*(src=|application/json))', path.read_text()
        )
    ]
    assert found == []
