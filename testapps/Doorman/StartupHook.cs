/// <summary>A startup hook of somebody else's, which says that it was there and what the variable holds by then.</summary>
internal static class StartupHook
{
    public static void Initialize() => Console.WriteLine($"doorman: {Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS")}");
}
