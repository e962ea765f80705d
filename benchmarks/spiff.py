"""SpiffWorkflow living through the same five tasks, its state kept in SQLite."""

from __future__ import annotations

import itertools
import sqlite3
import time
from pathlib import Path

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

OPENING = {"kind": "street", "place": "620102001000", "phone": "13909310000"}


def bare(tasks: tuple[str, ...]) -> str:
    """Return a BPMN process of nothing but user tasks, one after the other."""
    return _process("five", [f'<bpmn:userTask id="{task}"/>' for task in tasks], list(tasks))


def alike(tasks: tuple[str, ...]) -> str:
    """Return the process with what ours has: each stage a subprocess, its task under a time limit that does not stop it."""
    stages = [
        f'<bpmn:subProcess id="{task}_stage">'
        + _inner(
            [
                f'<bpmn:userTask id="{task}"/>',
                f'<bpmn:boundaryEvent id="{task}_late" cancelActivity="false" attachedToRef="{task}">'
                '<bpmn:timerEventDefinition><bpmn:timeDuration>"P2D"</bpmn:timeDuration></bpmn:timerEventDefinition>'
                "</bpmn:boundaryEvent>"
                f'<bpmn:endEvent id="{task}_told"/>'
                f'<bpmn:sequenceFlow id="{task}_f" sourceRef="{task}_late" targetRef="{task}_told"/>',
            ],
            [task],
            task + "_",
        )
        + "</bpmn:subProcess>"
        for task in tasks
    ]
    return _process("five", stages, [f"{task}_stage" for task in tasks])


def _process(name: str, items: list[str], order: list[str]) -> str:
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="five">'
        f'<bpmn:process id="{name}" isExecutable="true">{_inner(items, order, "")}</bpmn:process></bpmn:definitions>'
    )


def _inner(items: list[str], order: list[str], prefix: str) -> str:
    names = [f"{prefix}begin", *order, f"{prefix}end"]
    flows = [
        f'<bpmn:sequenceFlow id="{prefix}f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(itertools.pairwise(names))
    ]
    ends = [f'<bpmn:startEvent id="{names[0]}"/>', f'<bpmn:endEvent id="{names[-1]}"/>']
    return "".join(ends + items + flows)


class Spiff:
    """Loads, completes one task, stores: once per commit, or many times."""

    def __init__(self, folder: Path, tasks: tuple[str, ...], *, plain: bool = False) -> None:
        path = folder / f"five-{plain}.bpmn"
        path.write_text((bare if plain else alike)(tasks))
        parser = BpmnParser()
        parser.add_bpmn_file(str(path))
        self._spec, self._inner = parser.get_spec("five"), parser.get_subprocess_specs("five")
        self._tasks = tasks
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self._folder = folder
        self._count = 0

    def per_commit(self, cases: int) -> float:
        """Return steps per second, each with a commit of its own."""
        return self._run(cases, each=True)

    def in_bulk(self, cases: int) -> float:
        """Return steps per second with one commit for each task of all cases."""
        return self._run(cases, each=False)

    def _run(self, cases: int, *, each: bool) -> float:
        self._count += 1
        database = sqlite3.connect(
            self._folder / f"spiff-{id(self)}-{self._count}.sqlite3", isolation_level=None
        )
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, state TEXT)")
        began = time.perf_counter()
        for number in range(-1, len(self._tasks)):
            if not each:
                database.execute("BEGIN IMMEDIATE")
            for case in range(cases):
                if each:
                    database.execute("BEGIN IMMEDIATE")
                if number < 0:
                    self._open(database, case)
                else:
                    self._step(database, case, self._tasks[number])
                if each:
                    database.execute("COMMIT")
            if not each:
                database.execute("COMMIT")
        taken = time.perf_counter() - began
        (left,) = database.execute(
            "SELECT count(*) FROM workflow WHERE state NOT LIKE '%\"completed\": true%'"
        ).fetchone()
        assert left == 0, left
        database.close()
        return cases * (1 + len(self._tasks)) / taken

    def _open(self, database: sqlite3.Connection, case: int) -> None:
        workflow = BpmnWorkflow(self._spec, self._inner)
        workflow.do_engine_steps()
        _ready(workflow).data.update(OPENING)
        state = self._serializer.serialize_json(workflow)
        database.execute("INSERT INTO workflow VALUES (?, ?)", (case, state))

    def _step(self, database: sqlite3.Connection, case: int, name: str) -> None:
        (state,) = database.execute("SELECT state FROM workflow WHERE id = ?", (case,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        task = _ready(workflow)
        assert task.task_spec.name == name
        task.data["minutes"] = 30
        task.run()
        workflow.do_engine_steps()
        database.execute(
            "UPDATE workflow SET state = ? WHERE id = ?", (self._serializer.serialize_json(workflow), case)
        )


def _ready(workflow: BpmnWorkflow) -> Task:
    (task,) = [task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
    return task
