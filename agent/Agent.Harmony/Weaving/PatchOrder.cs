namespace HarmonyLib.Weaving;

/// <summary>
/// The order in which patches of one kind run (harmony.pardeike.net, «Priorities»): higher priority first, then the order of adding;
/// but what a patch wants to be before or after goes first. Of wishes that contradict each other, the patch that would run last gives up one of its own, and
/// so on until they do not.
/// </summary>
static class PatchOrder
{
    public static List<Patch> Sort(List<Patch> patches)
    {
        if (patches.Count < 2)
            return patches;
        var sorted = patches.OrderByDescending(patch => patch.priority).ThenBy(patch => patch.index).ToList();
        return sorted.Exists(patch => patch.before.Length > 0 || patch.after.Length > 0) ? WithWishes(sorted) : sorted;
    }

    static List<Patch> WithWishes(List<Patch> patches)
    {
        var nodes = patches.ConvertAll(patch => new Node(patch));
        foreach (var node in nodes)
        {
            foreach (var other in nodes.Where(other => node.Patch.before.Contains(other.Patch.owner)))
                node.MustPrecede(other);
            foreach (var other in nodes.Where(other => node.Patch.after.Contains(other.Patch.owner)))
                other.MustPrecede(node);
        }
        var sorted = new List<Patch>(nodes.Count);
        while (nodes.Count > 0)
        {
            nodes = Place(nodes, sorted);
            GiveUpOneWish(nodes);
        }
        return sorted;
    }

    /// <summary>One walk through those that are left, in the order of their priorities. Whoever waits for nobody is placed, and then those that have waited for it.</summary>
    /// <returns>Those that wait for each other.</returns>
    static List<Node> Place(List<Node> nodes, List<Patch> sorted)
    {
        var waiting = new List<Node>();
        foreach (var node in nodes)
        {
            if (node.Predecessors.Count > 0)
            {
                waiting.Add(node);
                continue;
            }
            var freed = node;
            do
            {
                sorted.Add(freed.Patch);
                waiting.Remove(freed);
                foreach (var successor in freed.Successors)
                    successor.Predecessors.Remove(freed);
            }
            while ((freed = waiting.Find(other => other.Predecessors.Count == 0)) is not null);
        }
        return waiting;
    }

    static void GiveUpOneWish(List<Node> waiting)
    {
        if (waiting is not [.., var last])
            return;
        last.Predecessors[0].Successors.Remove(last);
        last.Predecessors.RemoveAt(0);
    }

    sealed class Node(Patch patch)
    {
        public Patch Patch { get; } = patch;

        /// <summary>In the order in which they were found.</summary>
        public List<Node> Predecessors { get; } = [];

        public List<Node> Successors { get; } = [];

        public void MustPrecede(Node other)
        {
            if (other.Predecessors.Contains(this))
                return;
            other.Predecessors.Add(this);
            Successors.Add(other);
        }
    }
}
