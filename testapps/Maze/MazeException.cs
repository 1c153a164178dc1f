namespace Maze;

public sealed class MazeException : Exception
{
    public MazeException() : base("A dead end.") { }
}
