using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Census;

/// <summary>Work before Main has got far, in places that nobody should wait in.</summary>
static class Startups
{
    static readonly Lock Gate = new();
    static int s_loaded;

    /// <summary>When Main did.</summary>
    public static long Began { get; set; }

    /// <summary>What hears of assemblies, and what hears of activity sources, takes a lock inside of which a database is asked.</summary>
    public static string CommandInsideLock()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, _) =>
        {
            lock (Gate)
                s_loaded++;
        };
        lock (Gate)
        {
            ActivitySource.AddActivityListener(new ActivityListener { ShouldListenTo = _ => IsWanted() });
            return Commands(Began);
        }
    }

    static bool IsWanted()
    {
        lock (Gate)
            return false;
    }

    /// <param name="began">Since when it has been wanted.</param>
    public static string Commands(long began)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        return $"{command.ExecuteScalar()} {(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3) ? "soon" : "late")}";
    }
}

/// <summary>Its static constructor subscribes a method of this very class, which other threads can enter only after it, and works on.</summary>
static class Constructed
{
    static int s_loaded;

    public static string Result { get; }

    static Constructed()
    {
        AppDomain.CurrentDomain.AssemblyLoad += Count;
        Result = Startups.Commands(Startups.Began);
    }

    static void Count(object? sender, AssemblyLoadEventArgs loaded) => s_loaded++;
}
