using System.Linq.Expressions;

namespace Agent.Torture.Workload;

/// <summary>System.Linq over lists, arrays and iterators, ordering, joins, and expression trees compiled and interpreted.</summary>
static class LinqWork
{
    sealed record Person(string Name, int Age, string City);

    static readonly Person[] People =
    [
        new("Ada", 36, "London"), new("Grace", 85, "New York"), new("Alan", 41, "London"), new("Edsger", 72, "Nuenen"), new("Barbara", 41, "Boston"),
    ];

    public static void Run(Transcript to)
    {
        to.Section("linq");
        to.Add("order", People.OrderBy(person => person.Age).ThenByDescending(person => person.Name).Select(person => person.Name));
        to.Add("groups", People.GroupBy(person => person.City, (city, group) => $"{city} {group.Count()} {group.Average(person => person.Age)}"));
        to.Add("join", People.Join(["London", "Boston"], person => person.City, city => city, (person, city) => $"{person.Name}@{city}"));
        to.Add("group join", new[] { "London", "Paris" }.GroupJoin(People, city => city, person => person.City, (city, people) => $"{city}:{people.Count()}"));
        to.Add("lookup", People.ToLookup(person => person.Age)[41].Select(person => person.Name));
        to.Add("dictionary", People.ToDictionary(person => person.Name, person => person.Age).Sum(pair => pair.Value));
        to.Add("many", People.SelectMany(person => person.Name, (person, letter) => letter).Distinct().Order().Take(2..8));
        to.Add("chunks", Enumerable.Range(0, 10).Chunk(4).Select(chunk => chunk.Sum()));
        to.Add("sets", $"{string.Join(",", new[] { 1, 2, 3 }.Union([3, 4]).Except([1]).Intersect([2, 4, 9]))}");
        to.Add("zip", Enumerable.Range(1, 3).Zip("abc", [true, false, true]));
        to.Add("aggregate", Enumerable.Range(1, 20).Aggregate(1L, (product, number) => product * number));
        to.Add("by", $"{People.MinBy(person => person.Age)} {People.MaxBy(person => person.Name)} {People.DistinctBy(person => person.City).Count()} {People.CountBy(person => person.City).First()}");
        to.Add("numbers", $"{Enumerable.Range(0, 1000).Select(number => number * 0.5).Average()} {Enumerable.Range(0, 1000).Max()} {Enumerable.Repeat(3L, 5).Sum()}");
        to.Add("lazy", Endless().Where(number => number % 7 == 0).Skip(3).TakeWhile(number => number < 80).Reverse().Append(1).Prepend(2).Cast<object>().OfType<int>().ToList());
        to.Add("index", People.Index().Last().Index + People.Select((person, index) => person.Age * index).ElementAt(^1));
        to.Throws("empty", () => Array.Empty<int>().First());
        to.Throws("two", () => People.Single(person => person.Age == 41));
        to.Throws("null", () => ((IEnumerable<int>)null!).Any());
        to.Throws("in selector", () => People.Select(person => 100 / (person.Age - 41)).ToList());
        to.Throws("double key", () => People.ToDictionary(person => person.Age));
        Expressions(to);
        to.Add("query", People.AsQueryable().Where(person => person.Age > 40).OrderBy(person => person.Name).Select(person => person.Name));
        to.Add("parallel", Enumerable.Range(0, 10_000).AsParallel().AsOrdered().Where(number => number % 3 == 0).Select(number => (long)number * number).Sum());
        to.Throws("parallel error", () => Enumerable.Range(0, 100).AsParallel().WithDegreeOfParallelism(1).Select(number => 10 / (number - 50)).ToArray());
    }

    static IEnumerable<int> Endless()
    {
        for (var number = 0; ; number++)
            yield return number;
    }

    static void Expressions(Transcript to)
    {
        Expression<Func<int, string, string>> expression = (number, text) => number > 3 ? text.Substring(1) + number : new string('x', number);
        to.Add("expression", expression);
        to.Add("compiled", expression.Compile()(5, "abc") + expression.Compile()(2, "abc"));
        to.Add("interpreted", expression.Compile(preferInterpretation: true)(5, "abc"));
        var (counter, end) = (Expression.Variable(typeof(int)), Expression.Label(typeof(int)));
        var loop = Expression.Lambda<Func<int>>(Expression.Block([counter],
            Expression.TryFinally(
                Expression.Loop(Expression.IfThenElse(Expression.LessThan(counter, Expression.Constant(10)), Expression.PreIncrementAssign(counter), Expression.Break(end, counter)), end),
                Expression.AddAssign(counter, Expression.Constant(5)))));
        to.Add("loop", $"{loop.Compile()()} {loop.Compile(preferInterpretation: true)()}");
        to.Throws("compiled error", () => Expression.Lambda<Func<int>>(Expression.Divide(Expression.Constant(1), Expression.Constant(0))).Compile()());
        to.Throws("bad expression", () => Expression.Add(Expression.Constant(1), Expression.Constant("x")));
    }
}
