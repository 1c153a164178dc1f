namespace Agent.CommandLine;

/// <summary>What the program ends with, but for `run`, which ends as the program does that it has started.</summary>
static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>What was looked at is not as it should be, or cannot be looked at; what was to be done could not be done. A sentence says what.</summary>
    public const int SomethingIsWrong = 1;

    /// <summary>The command line was not understood.</summary>
    public const int WrongUsage = 2;
}
