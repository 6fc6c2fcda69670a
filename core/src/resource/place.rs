//! Where on earth something is, and how far that is from elsewhere. Whole millionths of a degree, so
//! that equal places are equal.

use serde::{Deserialize, Serialize};

/// A point, in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Point {
    /// North of the equator.
    pub lat: i32,
    /// East of Greenwich.
    pub lon: i32,
}

/// The earth's mean radius in metres (IUGG).
const EARTH_M: f64 = 6_371_008.8;

impl Point {
    /// A point by its degrees; none where there is no such place. 0, 0 lies in the sea: it is what
    /// files say where they do not know.
    pub fn of(lat: f64, lon: f64) -> Option<Self> {
        let fits = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat, lon) != (0.0, 0.0);
        fits.then(|| Self {
            lat: (lat * 1e6).round() as i32,
            lon: (lon * 1e6).round() as i32,
        })
    }

    /// How far apart two points are, in metres along the earth's surface (haversine).
    pub fn metres(self, other: Self) -> u32 {
        let radians = |millionths: i32| (f64::from(millionths) / 1e6).to_radians();
        let half_sin = |from: i32, to: i32| ((radians(to) - radians(from)) / 2.0).sin();
        let north = half_sin(self.lat, other.lat).powi(2);
        let east = half_sin(self.lon, other.lon).powi(2);
        let a = north + radians(self.lat).cos() * radians(other.lat).cos() * east;
        (2.0 * EARTH_M * a.clamp(0.0, 1.0).sqrt().asin()).round() as u32
    }
}

/// A point that somebody typed: `37.48, -122.2`.
pub fn parse(text: &str) -> Option<Point> {
    let (lat, lon) = text.split_once([',', ';', ' '])?;
    Point::of(lat.trim().parse().ok()?, lon.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_map() {
        let at = |lat, lon| Point::of(lat, lon).unwrap();
        // Distances of cities as published, within half a percent.
        let check = |a: Point, b: Point, km: f64| {
            let metres = f64::from(a.metres(b));
            assert!((metres / 1000.0 / km - 1.0).abs() < 0.005, "{metres}");
            assert_eq!(a.metres(b), b.metres(a));
        };
        check(at(37.7749, -122.4194), at(34.0522, -118.2437), 559.0);
        check(at(51.5074, -0.1278), at(48.8566, 2.3522), 343.6);
        check(at(-33.8688, 151.2093), at(35.6762, 139.6503), 7_825.0);
        // Over the date line it is near.
        assert!(at(0.0, 179.9).metres(at(0.0, -179.9)) < 23_000);
        assert_eq!(at(10.0, 20.0).metres(at(10.0, 20.0)), 0);
    }

    #[test]
    fn what_cannot_be_is_no_point() {
        for (lat, lon) in [(100.0, 101.0), (0.0, 0.0), (1.0, 181.0), (f64::NAN, 1.0)] {
            assert_eq!(Point::of(lat, lon), None, "{lat}, {lon}");
        }
        assert_eq!(parse("37.48, -122.2"), Point::of(37.48, -122.2));
        assert_eq!(parse("37.48 -122.2"), Point::of(37.48, -122.2));
        assert_eq!(parse("Redwood City, CA"), None);
        assert_eq!(parse("94063"), None);
    }
}
