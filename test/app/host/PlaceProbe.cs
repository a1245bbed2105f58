using System;

/// <summary>Prints what DatabasePlace makes of each line "region ENDPOINT" or "zone SUBNETS ADDRESS".</summary>
public static class PlaceProbe
{
    public static void Main()
    {
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var words = line.Split(' ');
            Console.WriteLine(words[0] == "region"
                ? DatabasePlace.Region(words[1])
                : DatabasePlace.Zone(words[1], words[2]));
        }
    }
}
