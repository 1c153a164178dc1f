namespace HarmonyLib;

/// <summary>Named priorities of patches: higher runs earlier (harmony.pardeike.net, «Priorities»).</summary>
public static class Priority
{
    /// <summary>Runs after every other.</summary>
    public const int Last = 0;

    /// <summary>Runs before <see cref="Last"/>.</summary>
    public const int VeryLow = 100;

    /// <summary>Runs after patches of normal priority.</summary>
    public const int Low = 200;

    /// <summary>Runs just after patches of normal priority.</summary>
    public const int LowerThanNormal = 300;

    /// <summary>The priority of a patch that asks for none.</summary>
    public const int Normal = 400;

    /// <summary>Runs just before patches of normal priority.</summary>
    public const int HigherThanNormal = 500;

    /// <summary>Runs before patches of normal priority.</summary>
    public const int High = 600;

    /// <summary>Runs before <see cref="High"/>.</summary>
    public const int VeryHigh = 700;

    /// <summary>Runs before every other.</summary>
    public const int First = 800;
}
