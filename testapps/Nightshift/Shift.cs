using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Nightshift;

/// <summary>Who works when: one after the other, when all have started.</summary>
sealed class Shift
{
    readonly List<Turn> _turns = [];

    /// <summary>To be taken by a service when it is made, so that their order is that of the services.</summary>
    public Turn NewTurn()
    {
        var turn = new Turn();
        _turns.Add(turn);
        return turn;
    }

    public async Task Run()
    {
        foreach (var turn in _turns)
            await turn.Take();
    }

    /// <summary>Something that has a span. Says whether it is part of something else.</summary>
    public static void Note(string what)
    {
        Console.WriteLine($"{what}{(Activity.Current is { } activity ? $" within {activity.DisplayName}" : "")}");
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 AS {what}";
        command.ExecuteNonQuery();
    }
}

/// <summary>The time at which one service works.</summary>
sealed class Turn
{
    readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => _begun.Task;

    public void End() => _ended.SetResult();

    public Task Take()
    {
        _begun.SetResult();
        return _ended.Task;
    }
}
