package storetest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"lanyard/claims"
)

// everyFact is one zero value of each type of fact.
var everyFact = []claims.Fact{
	claims.Member{}, claims.Profile{}, claims.Note{}, claims.Alias{}, claims.Opening{}, claims.Request{}, claims.Settings{}, claims.Period{}, claims.Tag{}, claims.Assignment{}, claims.Badge{}, claims.Award{},
	claims.ObjectType{}, claims.Kind{}, claims.Object{}, claims.Affiliation{}, claims.Override{},
	claims.Application{}, claims.Location{}, claims.Right{}, claims.Role{}, claims.Grant{}, claims.Gate{},
	claims.Waiver{}, claims.Lockdown{}, claims.Credential{}, claims.Device{}, claims.Client{},
	claims.AccessPoint{}, claims.Network{}, claims.WiFiPass{},
	claims.Requirement{}, claims.VLE{}, claims.Course{}, claims.Identity{}, claims.Result{}, claims.SignoffRequest{}, claims.Due{},
}

// filled returns a value of zero's type with something in every field, so that
// a field nobody stores is seen to be missing.
func filled[T any](zero T) T {
	v := reflect.New(reflect.TypeOf(zero)).Elem()
	fill(v, "row")
	return v.Interface().(T)
}

func fill(v reflect.Value, name string) {
	name = strings.ToLower(name)
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(len(name)) * 1234567 * time.Microsecond)))
		return
	case claims.Duration:
		v.SetInt(int64(90*time.Minute + 7*time.Microsecond))
		return
	case claims.Subject:
		v.Set(reflect.ValueOf(claims.Subject{Kind: claims.SubjectTag, ID: name}))
		return
	case claims.NameTemplate:
		v.Set(reflect.ValueOf(claims.NameTemplate{{Text: name + "."}, {Field: claims.FieldName}}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(name)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(len(name)))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), name+"-a")
		fill(v.Index(1), name+"-b")
	case reflect.Map:
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(k, name+"-key")
		fill(e, name+"-value")
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(k, e)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	default:
		panic(fmt.Sprintf("no way to fill a %s", v.Type()))
	}
}
