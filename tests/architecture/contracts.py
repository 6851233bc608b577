"""A contract type for import-linter: its own `forbidden` wants to know every floor, also those still to come."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class NobodyImports(Contract):
    """No module outside `package` imports one inside it."""

    package = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every direct import; indirect ones begin with a direct one."""
        package = str(self.package)
        faults = sorted(
            (importer, module)
            for module in graph.modules
            if _inside(module, package)
            for importer in graph.find_modules_that_directly_import(module)
            if not _inside(importer, package)
        )
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for importer, module in check.metadata["faults"]:
            output.print_error(f"{importer} imports {module}")


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
