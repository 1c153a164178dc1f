namespace HarmonyLib;

/// <summary>Whether instructions match (harmony.pardeike.net, «CodeInstructionsExtensions»).</summary>
public static class CodeInstructionsExtensions
{
    /// <summary>Whether there is such a sequence in them.</summary>
    public static bool Matches(this IEnumerable<CodeInstruction> instructions, CodeMatch[] matches) => new CodeMatcher(instructions).MatchStartForward(matches).IsValid;
}
