namespace HarmonyLib.Weaving;

/// <summary>
/// The order in which patches of one kind run (harmony.pardeike.net, «Priorities»): higher priority first, then the order of adding;
/// but what a patch wants to be before or after goes first. Wishes that contradict each other are given up, lowest priority first.
/// </summary>
static class PatchOrder
{
    public static List<Patch> Sort(List<Patch> patches)
    {
        if (patches.Count < 2)
            return patches;
        var waiting = patches.OrderByDescending(patch => patch.priority).ThenBy(patch => patch.index).ToList();
        if (!waiting.Exists(patch => patch.before.Length > 0 || patch.after.Length > 0))
            return waiting;
        var sorted = new List<Patch>(waiting.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.Find(candidate => !waiting.Exists(other => other != candidate && MustPrecede(other, candidate))) ?? waiting[0];
            waiting.Remove(next);
            sorted.Add(next);
        }
        return sorted;
    }

    static bool MustPrecede(Patch first, Patch second) => first.before.Contains(second.owner) || second.after.Contains(first.owner);
}
