#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/fetch-data against mirrors in a folder: what is not whole never appears."""
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = os.environ.get("SONIC_DATA")


class FetchData(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.mirror, self.folder = Path(self.scratch.name) / "mirror", Path(self.scratch.name) / "data"
        self.mirror.mkdir()

    def tearDown(self):
        self.scratch.cleanup()

    def fetch(self, *arguments, mirrors=None):
        environment = {**os.environ, "SONIC_MIRRORS": mirrors or self.mirror.as_uri()}
        return subprocess.run([str(ROOT / "scripts" / "fetch-data"), *arguments], env=environment, capture_output=True,
                              text=True)

    def test_mistakes(self):
        for arguments in ([], ["mnist"], ["svhn", str(self.folder)], ["mnist", "a", "b"]):
            with self.subTest(arguments=arguments):
                done = self.fetch(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn("scripts/fetch-data mnist|cifar10 FOLDER", done.stderr)
        (self.mirror / "file").write_text("")
        self.assertEqual(self.fetch("mnist", str(self.mirror / "file")).returncode, 2)

    def test_other_content_is_not_kept(self):
        for name in ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                     "t10k-labels-idx1-ubyte.gz"):
            (self.mirror / name).write_bytes(b"not MNIST")
        with tarfile.open(self.mirror / "cifar-10-binary.tar.gz", "w:gz") as archive:
            archive.add(self.mirror / name, "cifar-10-batches-bin/test_batch.bin")
        for dataset in ("mnist", "cifar10"):
            with self.subTest(dataset=dataset):
                done = self.fetch(dataset, str(self.folder))
                self.assertEqual(done.returncode, 1)
                self.assertIn("no mirror gave a whole", done.stderr)
                self.assertEqual(list(self.folder.iterdir()), [])

    @unittest.skipUnless(DATA and (Path(DATA) / "mnist").is_dir(), "no data")
    def test_whole_files_come_from_the_first_mirror_that_has_them(self):
        done = self.fetch("mnist", str(self.folder),
                          mirrors=f"{self.mirror.as_uri()} {(Path(DATA) / 'mnist').resolve().as_uri()}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(list(self.folder.iterdir())), 4)
        self.assertEqual(self.fetch("mnist", str(self.folder)).returncode, 0)  # nothing left to fetch
        (self.folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
        self.assertEqual(self.fetch("mnist", str(self.folder)).returncode, 1)


if __name__ == "__main__":
    if not shutil.which("curl"):
        print("skipped: curl is missing")
        sys.exit(77)
    unittest.main()
