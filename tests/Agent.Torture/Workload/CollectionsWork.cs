using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.Specialized;

namespace Agent.Torture.Workload;

/// <summary>Every family of collections, sorted by every way of sorting.</summary>
static class CollectionsWork
{
    public static void Run(Transcript to)
    {
        to.Section("collections");
        var random = new Random(42);
        var numbers = Enumerable.Range(0, 2_000).Select(_ => random.Next(10_000)).ToArray();
        Sorts(to, numbers);
        Mutable(to, numbers);
        Immutable(to, numbers);
        Concurrent(to, numbers);
    }

    static void Sorts(Transcript to, int[] numbers)
    {
        var copy = numbers.ToArray();
        Array.Sort(copy);
        to.Add("sorted", Checksum(copy));
        to.Add("found", Array.BinarySearch(copy, copy[700]) >= 0);
        Array.Sort(copy, (left, right) => right.CompareTo(left));
        to.Add("sorted down", Checksum(copy));
        var texts = numbers.Select(number => $"n{number}").ToList();
        texts.Sort(StringComparer.Ordinal);
        to.Add("texts", $"{texts[0]} {texts[^1]} {texts.BinarySearch("n5000", StringComparer.Ordinal) < 0}");
        texts.Sort(StringComparer.OrdinalIgnoreCase.Compare);
        numbers.AsSpan(0, 100).ToArray().AsSpan().Reverse();
        to.Add("stable", Checksum([.. numbers.OrderBy(number => number % 10)]));
        var (keys, items) = (numbers.Select(number => (double)number).ToArray(), numbers.ToArray());
        Array.Sort(keys, items);
        to.Add("keys", Checksum(items));
        to.Throws("no comparison", () => Array.Sort(new object[] { new(), new() }));
        to.Throws("comparison throws", () => new List<int> { 3, 1, 2 }.Sort((_, _) => throw new InvalidOperationException("in comparison")));
    }

    static void Mutable(Transcript to, int[] numbers)
    {
        var dictionary = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var number in numbers)
            dictionary[$"K{number % 500}"] = number;
        dictionary.Remove("k3");
        to.Add("dictionary", $"{dictionary.Count} {dictionary["k77"]} {dictionary.ContainsKey("K3")} {dictionary.GetAlternateLookup<ReadOnlySpan<char>>()["k78".AsSpan()]}");
        var set = numbers.ToHashSet();
        set.SymmetricExceptWith(Enumerable.Range(0, 5_000));
        to.Add("set", $"{set.Count} {set.Sum()} {set.IsSubsetOf(numbers)}");
        var sorted = new SortedSet<int>(numbers);
        to.Add("sorted set", $"{sorted.Min} {sorted.Max} {sorted.GetViewBetween(100, 200).Count}");
        var tree = new SortedDictionary<int, string>(numbers.Distinct().ToDictionary(number => number, number => $"{number:X}"));
        to.Add("sorted dictionary", tree.Skip(100).Take(3));
        var queue = new PriorityQueue<string, int>(numbers.Take(50).Select(number => ($"{number}", -number)));
        to.Add("priority", $"{queue.Dequeue()} {queue.EnqueueDequeue("x", 5)} {queue.Count}");
        var linked = new LinkedList<int>(numbers.Take(10));
        linked.AddAfter(linked.First!, -1);
        linked.RemoveLast();
        to.Add("linked", linked);
        to.Add("queue and stack", new Queue<int>(numbers.Take(5)).Concat(new Stack<int>(numbers.Take(5))));
        var bits = new BitArray(numbers.Take(64).Select(number => number % 2 == 0).ToArray());
        to.Add("bits", bits.Not().Cast<bool>().Count(bit => bit));
        to.Add("ordered", new OrderedDictionary<string, int> { ["z"] = 1, ["a"] = 2 }.GetAt(1));
        to.Add("old ones", new ArrayList(numbers.Take(3).ToArray()).Count + new Hashtable { [1] = 2 }.Count + new SortedList { [2] = 1, [1] = 1 }.Count);
        to.Add("name values", new NameValueCollection { { "a", "1" }, { "A", "2" } }["a"]);
        to.Throws("changed", () =>
        {
            var list = numbers.ToList();
            foreach (var number in list)
                list.Add(number);
        });
        to.Throws("range", () => _ = numbers.ToList()[^5000]);
        to.Throws("key", () => _ = new Dictionary<string, int>()["nobody"]);
        to.Throws("twice", () => new SortedList<int, int> { { 1, 1 }, { 1, 2 } }.Clear());
        to.Throws("empty", () => new Queue<int>().Dequeue());
    }

    static void Immutable(Transcript to, int[] numbers)
    {
        var list = numbers.ToImmutableList().Insert(5, -1).RemoveRange([numbers[0], numbers[1]]).Sort();
        to.Add("immutable list", $"{list.Count} {list[1000]} {list.BinarySearch(list[3]) >= 0}");
        var builder = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var number in numbers)
            builder[number % 300] = $"{number}";
        var dictionary = builder.ToImmutable().SetItem(5, "five").Remove(6);
        to.Add("immutable dictionary", $"{dictionary.Count} {dictionary[5]} {dictionary.ContainsKey(6)}");
        to.Add("immutable sets", $"{numbers.ToImmutableHashSet().Count} {numbers.ToImmutableSortedSet()[10]} {ImmutableStack.Create(1, 2).Peek()} {ImmutableQueue.Create(1, 2).Peek()}");
        to.Add("immutable array", numbers.ToImmutableArray().RemoveAll(number => number > 100).Add(7));
        to.Add("frozen", $"{numbers.ToFrozenSet().Count} {numbers.Distinct().ToFrozenDictionary(number => $"key{number}")[$"key{numbers[9]}"] == numbers[9]}");
        to.Throws("immutable range", () => ImmutableList.Create(1).RemoveAt(4));
        to.Throws("immutable twice", () => ImmutableDictionary<int, int>.Empty.Add(1, 1).Add(1, 2));
    }

    static void Concurrent(Transcript to, int[] numbers)
    {
        var dictionary = new ConcurrentDictionary<int, int>();
        Parallel.ForEach(numbers, number => dictionary.AddOrUpdate(number % 100, 1, (_, count) => count + 1));
        to.Add("concurrent dictionary", $"{dictionary.Count} {dictionary.Values.Sum()}");
        var bag = new ConcurrentBag<int>();
        Parallel.For(0, 1_000, bag.Add);
        to.Add("bag", bag.Sum());
        var queue = new ConcurrentQueue<int>(numbers);
        var stack = new ConcurrentStack<int>();
        Parallel.Invoke(Move, Move);
        to.Add("moved", $"{stack.Count} {stack.Sum()}");
        using var blocking = new BlockingCollection<int>(boundedCapacity: 8);
        var consumer = Task.Run(() => blocking.GetConsumingEnumerable().Sum());
        foreach (var number in numbers.Take(200))
            blocking.Add(number);
        blocking.CompleteAdding();
        to.Add("blocking", consumer.Result);
        to.Throws("complete", () => blocking.Add(1));
        to.Add("partitions", Partitioner.Create(0, 100, 30).GetDynamicPartitions().Count());

        void Move()
        {
            while (queue.TryDequeue(out var number))
                stack.Push(number);
        }
    }

    static long Checksum(int[] numbers) => numbers.Aggregate(17L, static (sum, number) => unchecked(sum * 31 + number));
}
