"""Where the arrow keys lead in a picture of lineage."""

from workbench.gui.lineage.scene import Box, Scene
from workbench.model.lineage import NodeId


def next_to(scene: Scene, node: NodeId, across: int, down: int) -> NodeId | None:
    """Return the thing one step away: along a line, or up or down its column; None: there is none.

    Args:
        scene: the drawing.
        node: where the user is.
        across: -1 towards the data, 1 towards what rests on it, 0.
        down: -1 up the column, 1 down, 0.
    """
    here = scene.boxes[node]
    if down:
        column = [box for box in scene.boxes.values() if box.node.layer == here.node.layer]
        beyond = [box for box in column if (box.area.top() - here.area.top()) * down > 0]
    else:
        ends = {
            wire.edge.head if across > 0 else wire.edge.tail
            for wire in scene.wires
            if (wire.edge.tail if across > 0 else wire.edge.head) == node
        }
        beyond = [scene.boxes[end] for end in ends if end != node]
    return min(beyond, key=lambda box: _far(here, box), default=here).node.id if beyond else None


def _far(here: Box, there: Box) -> tuple[float, NodeId]:
    return abs(there.area.center().y() - here.area.center().y()), there.node.id
